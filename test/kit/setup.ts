import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { TEST_WORKER } from './process.ts';

// Runs in each test file: fails it if a process that it started, directly or not, still runs after
// its last hook, and kills that process.

/** For what ends by itself, on a slow machine. */
const MAX_ENDING_MS = 30_000;

const marker = `${TEST_WORKER}=${process.pid}`;
process.env[TEST_WORKER] = String(process.pid);

/** The text of a file of a process; empty if the process has ended. */
function procFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** The processes that inherited the marker, by id. */
function started(): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => procFile(pid, 'environ').split('\0').includes(marker));
}

afterAll(async () => {
  const until = Date.now() + MAX_ENDING_MS;
  let left = started();
  for (; left.length > 0 && Date.now() < until; left = started()) await sleep(50);
  const commands = left.map((pid) => procFile(pid, 'cmdline').replaceAll('\0', ' '));
  for (const pid of left) process.kill(Number(pid), 'SIGKILL');
  if (left.length > 0) throw new Error(`these processes still run:\n${commands.join('\n')}`);
});
