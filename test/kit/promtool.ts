import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';

const run = promisify(execFile);

const CACHE = '.cache';
const PROGRAM = 'usr/bin/promtool';

/**
 * `promtool` of Prometheus: the one that `PROMTOOL` names, or that of Debian's package, which is
 * unpacked and not installed: installed, it would run a service.
 *
 * @throws Error if the package cannot be had
 */
export async function promtool(): Promise<string> {
  const { PROMTOOL } = process.env;
  if (PROMTOOL) return PROMTOOL;
  const folder = resolve(CACHE, 'prometheus');
  const program = join(folder, PROGRAM);
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(join(CACHE, 'prometheus-'));
  try {
    const options = { cwd: made };
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['download', '-qq', 'prometheus'], options);
    const [file = ''] = (await readdir(made)).filter((name) => name.endsWith('.deb'));
    await run('dpkg', ['-x', file, 'unpacked'], options);
    await rename(join(made, 'unpacked'), folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return program;
}

/** A sample for each interval, as text; `_` where there was none. By series: `name{labels}`. */
export type Series = Readonly<Record<string, readonly string[]>>;

export interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}

/** What fires at a time. */
export interface Expectation {
  /** Since the first sample: `20m`. */
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly ExpectedAlert[];
}

/**
 * Evaluates alert rules over series, as Prometheus does.
 *
 * @param interval between two samples, and between two evaluations: `15s`
 * @throws Error that shows which alert was expected, and which fired
 */
export async function evaluateRules(
  rules: string,
  interval: string,
  series: Series,
  expected: readonly Expectation[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-alerts-'));
  try {
    const file = join(folder, 'test.yml');
    const input = Object.entries(series).map(([name, values]) => ({
      series: name,
      values: values.join(' '),
    }));
    const test = { interval, input_series: input, alert_rule_test: expected };
    writeFileSync(
      file,
      stringify({ rule_files: [resolve(rules)], evaluation_interval: interval, tests: [test] }),
    );
    await run(await promtool(), ['test', 'rules', file]);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool: ${stdout}${stderr}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
