import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { API_KEY, startProcess } from '../test/kit/process.ts';
import { pythonWith } from '../test/kit/python.ts';

// Sends requests that schemathesis derives from the OpenAPI document to a server with demo data, and
// fails on a 5xx, and on a status, a media type, a header or a body that the document does not have.
// FUZZ_SECONDS is the time for all requests, SEED chooses them.

const FOLDER = '.cache/schemathesis';
const VERSION = '4.32.5';
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 300);
const SEED = process.env.SEED ?? '1';
/** After its time, a part may finish what it has begun. */
const MAX_OVERTIME_MS = 180_000;

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** Parts of a run, each with its share of the time. The demo agent is removed last. */
const PARTS = [
  { share: 0.4, phases: 'examples,coverage', select: ['--exclude-operation-id', 'deleteAgent'] },
  { share: 0.35, phases: 'fuzzing', select: ['--exclude-operation-id', 'deleteAgent'] },
  { share: 0.2, phases: 'stateful', select: ['--exclude-operation-id', 'deleteAgent'] },
  {
    share: 0.05,
    phases: 'examples,coverage,fuzzing',
    select: ['--include-operation-id', 'deleteAgent'],
  },
];

/** @returns the exit code; 0 if nothing was found */
async function fuzz(program: string, args: readonly string[], maxMs: number): Promise<number> {
  const child = spawn(program, args, {
    cwd: FOLDER,
    stdio: 'inherit',
    env: { ...process.env, SCHEMATHESIS_HOOKS: resolve('test/fuzz/hooks.py') },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), maxMs);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return code ?? 1;
}

if (!(SECONDS >= 20)) throw new Error('FUZZ_SECONDS must be a number of at least 20');
await mkdir(FOLDER, { recursive: true });
const python = resolve(await pythonWith(`${FOLDER}/python`, { schemathesis: VERSION }));
const server = await startProcess({
  STORE_URL: 'lmdb::memory:',
  BOOTSTRAP_API_KEY: API_KEY,
  DEMO_DATA: '1',
  WEBHOOK_ALLOW_PRIVATE: '1',
});
try {
  for (const { share, phases, select } of PARTS) {
    const seconds = Math.ceil(SECONDS * share);
    const args = ['run', `${server.url}/v1/openapi.json`, '--phases', phases, ...select];
    args.push('--checks', CHECKS.join(','), '--seed', SEED, '--max-time', String(seconds));
    args.push('--header', `Authorization: Bearer ${API_KEY}`, '--request-timeout', '60');
    args.push('--continue-on-failure', '--warnings', 'off', '--no-color');
    const command = ['-m', 'schemathesis.cli', ...args];
    const code = await fuzz(python, command, seconds * 1_000 + MAX_OVERTIME_MS);
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  await server.stop();
}
