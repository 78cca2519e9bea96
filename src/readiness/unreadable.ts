import { ownerKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { SecretDoc, SecretStore } from '../secrets/secret-store.ts';
import { ownedKey } from '../secrets/secret-writes.ts';
import type { Work } from '../work.ts';

/** Reads a secret by its key. */
export type ReadSecret = (key: string) => Promise<SecretDoc | undefined>;

/** Those of an agent's secrets that the store has lost, or that no key opens. */
export async function unreadableOf(
  work: Work,
  agent: Pick<Agent, 'org' | 'uid'>,
  ids: Iterable<string>,
  secrets: SecretStore,
  read: ReadSecret = async (key) => (await secrets.getMany(work, [key]))[0],
): Promise<ReadonlySet<string>> {
  const owner = ownerKey(agent);
  const unreadable = await Promise.all(
    [...ids].map(async (id) => {
      const doc = await read(ownedKey(owner, id));
      return doc && (await secrets.opens(doc)) ? [] : [id];
    }),
  );
  return new Set(unreadable.flat());
}
