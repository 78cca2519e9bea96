import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENTS, ownerKey } from '../../src/agents/collection.ts';
import { AgentService } from '../../src/agents/service.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import { ChannelService } from '../../src/channels/service.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { PageTokens } from '../../src/paging/page-token.ts';
import { Pager } from '../../src/paging/pager.ts';
import { Keyring, SecretUnreadable } from '../../src/secrets/keyring.ts';
import { SECRETS, type SecretDoc, SecretStore } from '../../src/secrets/secret-store.ts';
import { systemEffects } from '../../src/server/effects.ts';
import type { Collection, Store } from '../../src/store/port.ts';
import { openLog, openWriter } from '../kit/changes.ts';
import { openTestStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const auth = { accountSid: 'AC1', authToken: 'tok-one', phoneNumber: '+14155550132' };
const SMS = { channel: 'sms', mode: 'unmanaged', provider: 'twilio', auth } as const;
const catalog = loadCatalog();
const effects = systemEffects();
const bytes = new Uint8Array(32);

let store: Store;
let sealed: Collection<SecretDoc>;
let secrets: SecretStore;
let agents: AgentService;
let channels: ChannelService;
let agent: Agent;

beforeEach(async () => {
  store = await openTestStore();
  sealed = await store.collection(SECRETS);
  secrets = new SecretStore(sealed, new Keyring(bytes), effects);
  agents = new AgentService(
    await store.collection(AGENTS),
    new Pager(new PageTokens(bytes)),
    effects,
    (await openLog(store)).log,
    await openWriter(store),
    (content) => content,
  );
  channels = service();
  agent = await agents.create(WORK, 'acme', { name: 'A' });
});
afterEach(() => store.close());

/** A service as another process has it: services do not queue behind each other. */
function service(): ChannelService {
  return new ChannelService({ agents, manifests: catalog.channels, secrets, effects });
}

async function storedSecrets(): Promise<readonly SecretDoc[]> {
  const scan = { index: 'byOwner', eq: [ownerKey(agent)], limit: 50 };
  return (await sealed.scan(WORK, scan)).docs;
}

/** The id of the secret that the binding refers to. */
async function authIdOf(id: string): Promise<string | undefined> {
  const { channels: bindings } = await agents.get(WORK, agent);
  return bindings?.find((binding) => binding.id === id)?.authId;
}

describe('credentials of a channel', () => {
  it('are stored as one sealed secret, which is removed with the binding', async () => {
    const { item } = await channels.create(WORK, agent, null, SMS);
    const [secret, ...more] = await storedSecrets();
    expect(more).toEqual([]);
    expect(await authIdOf(item.id)).toBe(secret?.id);
    expect(JSON.stringify([secret, await agents.get(WORK, agent)])).not.toContain('tok-one');
    await channels.delete(WORK, agent, null, item.id);
    expect(await storedSecrets()).toEqual([]);
  });

  it('are replaced by one new secret when a part changes', async () => {
    const { item } = await channels.create(WORK, agent, null, SMS);
    const before = await authIdOf(item.id);
    await channels.update(WORK, agent, null, item.id, { auth: { authToken: 'tok-two' } });
    const after = await authIdOf(item.id);
    expect(after).not.toBe(before);
    expect((await storedSecrets()).map(({ id }) => id)).toEqual([after]);
  });

  it.each([
    ['a second binding', () => channels.create(WORK, agent, null, SMS), 'channel.already_bound'],
    ['a stale version', () => channels.create(WORK, agent, 7, SMS), 'version.mismatch'],
    [
      'an incomplete form',
      () => channels.create(WORK, agent, null, { ...SMS, auth: {} }),
      'request.invalid',
    ],
  ])('leave no secret behind when they are refused for %s', async (_, call, code) => {
    await channels.create(WORK, agent, null, SMS);
    const before = await storedSecrets();
    await expect(call()).rejects.toMatchObject({ code });
    expect(await storedSecrets()).toEqual(before);
  });

  it('contain every change after concurrent updates by several processes', async () => {
    const { item } = await channels.create(WORK, agent, null, SMS);
    const patches = [
      { authToken: 'tok-two' },
      { messagingServiceSid: 'MG1' },
      { accountSid: 'AC2' },
    ];
    await Promise.all(
      patches.map((patch) => service().update(WORK, agent, null, item.id, { auth: patch })),
    );
    const current = await channels.runtimeAuth(WORK, agent, item.id);
    expect(current).toEqual(Object.assign({ ...auth }, ...patches));
    expect(await storedSecrets()).toHaveLength(1);
  });

  it('are no longer changed once they are unreadable, and replaced by a new binding', async () => {
    const { item } = await channels.create(WORK, agent, null, SMS);
    const otherKey = new Keyring(new Uint8Array(32).fill(1));
    secrets = new SecretStore(sealed, otherKey, effects);
    channels = service();
    await expect(channels.runtimeAuth(WORK, agent, item.id)).rejects.toThrow(SecretUnreadable);
    const partial = channels.update(WORK, agent, null, item.id, { auth: { authToken: 'tok-two' } });
    await expect(partial).rejects.toMatchObject({ code: 'secret.unreadable' });
    const whole = channels.update(WORK, agent, null, item.id, { auth });
    await expect(whole).rejects.toMatchObject({ code: 'secret.unreadable' });
    await channels.delete(WORK, agent, null, item.id);
    const { item: again } = await channels.create(WORK, agent, null, SMS);
    expect(await channels.runtimeAuth(WORK, agent, again.id)).toEqual(auth);
    expect((await storedSecrets()).map(({ id }) => id)).toEqual([await authIdOf(again.id)]);
  });

  it('are an error where the store has lost them, and never empty', async () => {
    const { item } = await channels.create(WORK, agent, null, SMS);
    const [lost] = await storedSecrets();
    await store.commit(WORK, [sealed.toDelete(lost?.key ?? '')]);
    await expect(channels.runtimeAuth(WORK, agent, item.id)).rejects.toThrow(SecretUnreadable);
    const patch = channels.update(WORK, agent, null, item.id, { auth: { authToken: 'tok-two' } });
    await expect(patch).rejects.toMatchObject({ code: 'secret.unreadable' });
    await channels.delete(WORK, agent, null, item.id);
  });
});
