import { join } from 'node:path';
import { ClientError } from './failure.ts';
import { readIfExists, replaceFile } from './files.ts';

/** By agent, the version that its file was last in step with. */
export type Lock = ReadonlyMap<string, number>;

const LOCK_FILE = 'agents.lock';
const HEAD = `# Written by agent-api: the version of each agent that its file was last in step with.
# Commit it. Of two lines for one agent, as a merge may leave them, the lower version counts.
`;

/** A comment, a blank line, or a mark that git leaves in a conflict. */
const IGNORED = /^(?:#.*|\s*|<{7}.*|={7}|>{7}.*|\|{7}.*)$/;
const LINE = /^(\S+): (\d{1,15})$/;

export async function readLock(folder: string): Promise<Lock> {
  const text = (await readIfExists(join(folder, LOCK_FILE))) ?? '';
  return lockIn(text);
}

/**
 * Reads a lock. Of several versions of one agent the lowest counts: what a file has from a later
 * version is then the same on both sides of the next merge, while with a version that is too high
 * a push would take edits back.
 *
 * @throws ClientError on any other line
 */
export function lockIn(text: string): Lock {
  const versions = new Map<string, number>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (IGNORED.test(line)) continue;
    const [, agent, version] = LINE.exec(line) ?? [];
    if (agent === undefined) {
      throw new ClientError(
        `${LOCK_FILE}:${i + 1}: must be an agent and its version: 'acme-sdr: 12'`,
      );
    }
    versions.set(agent, Math.min(Number(version), versions.get(agent) ?? Number.POSITIVE_INFINITY));
  }
  return versions;
}

export function lockText(lock: Lock): string {
  const lines = [...lock].sort(([one], [other]) => (one < other ? -1 : 1));
  return `${HEAD}${lines.map(([agent, version]) => `${agent}: ${version}\n`).join('')}`;
}

/**
 * Changes the lock on the disk.
 *
 * @param changes by agent its version, undefined for none
 */
export async function changeLock(
  folder: string,
  changes: ReadonlyMap<string, number | undefined>,
): Promise<void> {
  if (changes.size === 0) return;
  const lock = new Map(await readLock(folder));
  for (const [agent, version] of changes) {
    if (version === undefined) lock.delete(agent);
    else lock.set(agent, version);
  }
  await replaceFile(join(folder, LOCK_FILE), lockText(lock));
}
