import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { yamlText } from '../../src/definitions/yaml.ts';
import { applyTemplate } from '../../src/domain/apply-template.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { accepted } from '../../src/domain/outcome.ts';
import { agentWith } from '../kit/agent.ts';
import { pythonWith } from '../kit/python.ts';
import { agents } from '../kit/sections.ts';
import { AMBIGUOUS, jsonObjects } from '../kit/yaml-values.ts';

/** PyYAML reads YAML 1.1, ruamel.yaml both versions. */
const PARSERS = { PyYAML: '6.0.4', 'ruamel.yaml': '0.19.1' };
let python: string;

beforeAll(async () => {
  python = await pythonWith('.cache/yaml-parsers', PARSERS);
});

/** What each parser reads differently from what was written, or refuses. */
function differences(values: readonly object[]): string[] {
  const input = values.map((value) => `${JSON.stringify([yamlText(value), value])}\n`).join('');
  const { status, stdout, stderr } = spawnSync(python, ['test/parsers/read.py'], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status, stderr).toBe(0);
  const [last = ''] = stdout.trimEnd().split('\n').slice(-1);
  expect(JSON.parse(last)).toEqual({ read: values.length });
  return stdout.trimEnd().split('\n').slice(0, -1);
}

it('reads ambiguous texts as texts', () => {
  const texts = AMBIGUOUS.filter((text) => text !== '__proto__');
  expect(differences(texts.flatMap((text) => [[text], { [text]: [{ text }] }]))).toEqual([]);
});

it('reads any JSON as it was written', () => {
  expect(differences(fc.sample(jsonObjects, 2_000))).toEqual([]);
});

it('reads the definitions of agents, shipped ones too', () => {
  const catalog = loadCatalog();
  const shipped = catalog.agentTemplates
    .list()
    .map((template) => accepted(applyTemplate(agentWith(), template, catalog)).agent);
  const definitions = [...shipped, ...fc.sample(agents(), 50)].map(exportDefinition);
  expect(differences(definitions)).toEqual([]);
});
