import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownerKey } from '../../src/agents/collection.ts';
import type { AgentService } from '../../src/agents/service.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { OAuthService } from '../../src/oauth/service.ts';
import { Relay } from '../../src/records/relay.ts';
import { Keyring } from '../../src/secrets/keyring.ts';
import { SECRETS, type SecretDoc, SecretStore } from '../../src/secrets/secret-store.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { readSettings } from '../../src/server/settings.ts';
import { type Collection, StoreUnavailable } from '../../src/store/port.ts';
import { ToolBindingService } from '../../src/tool-bindings/service.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const WEBHOOK = '@anychat/tool.custom-http-webhook';
const OLD = { url: 'https://hooks.acme.com/old', method: 'GET' };
const NEW = { url: 'https://hooks.acme.com/new', method: 'PUT' };

let open: OpenServices;
let collection: Collection<SecretDoc>;
let ref: { org: string; id: string };
let uid: string;
let now: number;
beforeEach(async () => {
  open = await openServices(readSettings(testStore()));
  collection = await open.store.collection(SECRETS);
  now = Date.now();
  const agent = await open.services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
  ref = { org: 'acme', id: agent.id };
  uid = agent.uid;
  await bindings().configure(WORK, ref, undefined, WEBHOOK, 'replace', OLD);
});
afterEach(() => open.close());

type Change = AgentService['change'];

/** The service over the real store. @param write replaces the write of the agent's document */
function bindings(write?: (real: Change) => Change): ToolBindingService {
  const { agents } = open.services;
  const real: Change = (...given) => agents.change(...given);
  // The first change only reads the agent and writes nothing.
  let hasRead = false;
  const change: Change = (...given) => {
    const first = !hasRead;
    hasRead = true;
    return first || !write ? real(...given) : write(real)(...given);
  };
  const effects = { ...systemEffects(), now: () => new Date(now) };
  return new ToolBindingService({
    agents: {
      get: (...given) => agents.get(...given),
      getMany: (...given) => agents.getMany(...given),
      change,
      changeItem: (...given) => agents.changeItem(...given),
    } as AgentService,
    tools: open.services.catalog.tools,
    secrets: new SecretStore(collection, new Keyring(new Uint8Array(32)), effects),
    oauth: open.services.oauth as OAuthService,
    effects,
  });
}

const stored = async () => {
  const eq = [ownerKey({ org: 'acme', uid } as Agent)];
  return (await collection.scan(WORK, { index: 'byOwner', eq, limit: 100 })).docs.length;
};
const put = (service: ToolBindingService) =>
  service.configure(WORK, ref, undefined, WEBHOOK, 'replace', NEW);
const config = () => bindings().runtimeConfig(WORK, ref, WEBHOOK);

describe('a write of a binding', () => {
  it('removes the secret that it replaces', async () => {
    await put(bindings());
    expect(await config()).toEqual(NEW);
    expect(await stored()).toBe(1);
  });

  it('leaves no secret when it is refused', async () => {
    const refused = bindings(() => async () => {
      throw new DomainError('version.mismatch', 'refused');
    });
    await expect(put(refused)).rejects.toMatchObject({ code: 'version.mismatch' });
    expect(await config()).toEqual(OLD);
    expect(await stored()).toBe(1);
  });

  it.each([
    ['before', OLD],
    ['after', NEW],
  ] as const)('is whole when it dies %s its document is written', async (when, expected) => {
    const dying = bindings((real) => async (...given) => {
      if (when === 'after') await real(...given);
      throw new StoreUnavailable('gone');
    });
    await expect(put(dying)).rejects.toThrow(StoreUnavailable);
    expect(await config()).toEqual(expected);
    expect(await stored()).toBe(2);
    // A later write removes the leftover secret, once no write can still refer to it.
    await bindings().configure(WORK, ref, undefined, WEBHOOK, 'merge', { method: 'POST' });
    expect(await stored()).toBe(2);
    now += 3_600_001;
    await bindings().configure(WORK, ref, undefined, WEBHOOK, 'merge', { method: 'PUT' });
    expect(await stored()).toBe(1);
    expect(await config()).toEqual({ ...expected, method: 'PUT' });
  });

  it('stores nothing for an agent that was replaced by a later one with the same id', async () => {
    const replaced = bindings(() => async (_, __, ___, fn) => {
      const agent = await open.services.agents.get(WORK, ref);
      return fn({ ...agent, uid: 'another' });
    });
    await expect(put(replaced)).rejects.toMatchObject({ code: 'agent.not_found' });
    expect(await stored()).toBe(1);
  });

  it('removes every secret when it removes the binding', async () => {
    await bindings().remove(WORK, ref, undefined, WEBHOOK);
    expect(await stored()).toBe(0);
  });
});

it('removes the secrets of a deleted agent', async () => {
  const failures: unknown[] = [];
  const relay = new Relay({
    outbox: open.outbox,
    sinks: [],
    onError: (error) => failures.push(error),
  });
  relay.start();
  await open.services.agents.delete(WORK, ref, undefined);
  await expect.poll(stored).toBe(0);
  await relay.stop();
  expect(failures).toEqual([]);
});
