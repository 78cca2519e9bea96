import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AGENTS, ownerKey } from '../../src/agents/collection.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { SECRETS, type SecretDoc } from '../../src/secrets/secret-store.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { type Collection, type Doc, type Store, StoreUnavailable } from '../../src/store/port.ts';
import type { Write } from '../../src/store/writes.ts';
import { WEBHOOKS } from '../../src/webhooks/collection.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const TOOL = '@anychat/tool.custom-http-webhook';
const auth = { accountSid: 'AC1', authToken: 'old', phoneNumber: '+14155550132' };
const SMS = { channel: 'sms', mode: 'unmanaged', provider: 'twilio', auth } as const;
const HOOK = { url: 'https://hooks.acme.com/', events: ['agent.created' as const] };

let open: OpenServices;
let secrets: Collection<SecretDoc>;
let agent: Agent;
beforeEach(async () => {
  open = await openServices(readSettings(testStore()));
  secrets = await open.store.collection(SECRETS);
  agent = await open.services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
});
afterEach(() => open.close());

/** A resource with one secret: creates it, gives it another value, reads the value in force. */
interface Holder {
  create(): Promise<{ owner: string; id: string }>;
  replace(id: string, expectedVersion?: number): Promise<unknown>;
  /** The value in force, comparable only. */
  current(id: string): Promise<unknown>;
  remove(id: string): Promise<unknown>;
}

const configure = (url: string, expectedVersion?: number) =>
  open.services.toolBindings.configure(WORK, agent, expectedVersion, TOOL, 'replace', {
    config: { url },
  });

const toolBinding: Holder = {
  async create() {
    await configure('https://hooks.acme.com/old');
    return { owner: ownerKey(agent), id: TOOL };
  },
  replace: (_, expectedVersion) => configure('https://hooks.acme.com/new', expectedVersion),
  current: () => open.services.toolBindings.runtimeConfig(WORK, agent, TOOL),
  remove: () => open.services.toolBindings.remove(WORK, agent, undefined, TOOL),
};

const channel: Holder = {
  async create() {
    const { item } = await open.services.channels.create(WORK, agent, undefined, SMS);
    return { owner: ownerKey(agent), id: item.id };
  },
  replace: (id, expectedVersion) =>
    open.services.channels.update(WORK, agent, expectedVersion, id, { auth: { authToken: 'new' } }),
  current: (id) => open.services.channels.runtimeAuth(WORK, agent, id),
  remove: (id) => open.services.channels.delete(WORK, agent, undefined, id),
};

const webhook: Holder = {
  async create() {
    const { id } = await open.services.webhooks.create(WORK, 'acme', HOOK);
    return { owner: `acme/${id}`, id };
  },
  replace: (id) => open.services.webhooks.rotate(WORK, 'acme', id, 0),
  async current(id) {
    const { key, secretId } = await open.services.webhooks.get(WORK, 'acme', id);
    const secret = await secrets.get(WORK, `${key}/${secretId}`);
    return secret?.jwe;
  },
  remove: (id) => open.services.webhooks.delete(WORK, 'acme', id),
};

const stored = async (owner: string) =>
  (await secrets.scan(WORK, { index: 'byOwner', eq: [owner], limit: 100 })).docs.length;

/** Replaces the next commit. */
function nextCommit(
  commit: (real: Store['commit'], given: Parameters<Store['commit']>) => unknown,
) {
  const { store } = open;
  const real = store.commit.bind(store);
  const spy = vi.spyOn(store, 'commit');
  spy.mockImplementationOnce(
    async (...given) => (await commit(real, given)) as Awaited<ReturnType<Store['commit']>>,
  );
}

describe.each([
  ['a tool binding', toolBinding],
  ['a channel', channel],
  ['a webhook', webhook],
])('the secret of %s', (_, holder) => {
  it('is replaced, and removed, with its document', async () => {
    const { owner, id } = await holder.create();
    const before = await holder.current(id);
    await holder.replace(id);
    expect(await holder.current(id)).not.toEqual(before);
    expect(await stored(owner)).toBe(1);
    await holder.remove(id);
    expect(await stored(owner)).toBe(0);
  });

  it('stays in force when the write dies before its commit, and leaves no other', async () => {
    const { owner, id } = await holder.create();
    const before = await holder.current(id);
    nextCommit(() => {
      throw new StoreUnavailable('gone');
    });
    await expect(holder.replace(id)).rejects.toThrow(StoreUnavailable);
    expect(await holder.current(id)).toEqual(before);
    expect(await stored(owner)).toBe(1);
  });

  it('is replaced when the write dies after its commit, and the old one is removed', async () => {
    const { owner, id } = await holder.create();
    const before = await holder.current(id);
    nextCommit(async (commit, given) => {
      await commit(...given);
      throw new StoreUnavailable('gone');
    });
    await expect(holder.replace(id)).rejects.toThrow(StoreUnavailable);
    expect(await holder.current(id)).not.toEqual(before);
    expect(await holder.current(id)).toBeDefined();
    expect(await stored(owner)).toBe(1);
  });

  it('is replaced when another write of the document comes between', async () => {
    const { owner, id } = await holder.create();
    const before = await holder.current(id);
    nextCommit(async (commit, given) => {
      // As another process would: this one queues the writes of one document.
      await open.store.commit(...(await touched(owner, id)));
      return commit(...given);
    });
    await holder.replace(id);
    expect(await holder.current(id)).not.toEqual(before);
    expect(await stored(owner)).toBe(1);
  });
});

/** The commit of a write of the document by another process. */
async function touched(owner: string, id: string): Promise<Parameters<Store['commit']>> {
  const isWebhook = id.startsWith('wh_');
  const write = isWebhook
    ? await nextVersion(await open.store.collection(WEBHOOKS), owner)
    : await nextVersion(await open.store.collection(AGENTS), `acme/${agent.id}`);
  return [WORK, [write]];
}

async function nextVersion<D extends Doc>(collection: Collection<D>, key: string): Promise<Write> {
  const doc = await collection.get(WORK, key);
  if (!doc) throw new Error(`no document ${key}`);
  return collection.toReplace({ ...doc, version: doc.version + 1 }, doc.version);
}

describe.each([
  ['a tool binding', toolBinding],
  ['a channel', channel],
])('a refused change of %s', (_, holder) => {
  it('leaves the secret in force, and no other', async () => {
    const { owner, id } = await holder.create();
    const before = await holder.current(id);
    await expect(holder.replace(id, 99)).rejects.toMatchObject({ code: 'version.mismatch' });
    expect(await holder.current(id)).toEqual(before);
    expect(await stored(owner)).toBe(1);
  });
});
