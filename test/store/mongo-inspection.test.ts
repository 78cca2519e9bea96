import { afterAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { openServices } from '../../src/server/compose.ts';
import { givenKeys, keyringOf } from '../../src/server/secrets-key.ts';
import { readSettings } from '../../src/server/settings.ts';
import { inspectStore } from '../../src/store/open.ts';
import { dropDatabase, testDatabase } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const url = testDatabase();
const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const settingsOf = (fill: number) =>
  readSettings({ STORE_URL: url, SECRETS_KEY: keyOf(fill), DEMO_DATA: '0' });

async function findings(fill: number) {
  const settings = settingsOf(fill);
  const store = await inspectStore(settings.store);
  const keys = givenKeys(settings);
  const keyring = keys && keyringOf(keys);
  const found = await examine(WORK, { store, keyring, now: new Date() });
  await store.close();
  return found;
}

describe.skipIf(!url)('agent-api doctor on MongoDB', () => {
  afterAll(() => dropDatabase(url ?? ''));

  it('refuses a database that contains no store, and creates nothing in it', async () => {
    await expect(findings(1)).rejects.toThrow(/format/);
    await expect(findings(1)).rejects.toThrow(/format/);
  });

  it('finds no problem in a store, and a key that is missing', async () => {
    const { services, close } = await openServices(settingsOf(1));
    const { id } = await services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
    const tool = '@anychat/tool.custom-http-webhook';
    const config = { url: 'https://hooks.acme.com/planted', authHeader: 'Bearer planted-0815' };
    const ref = { org: 'acme', id };
    await services.toolBindings.configure(WORK, ref, undefined, tool, 'replace', { config });
    await close();
    const checks = (await findings(1)).map(({ check, level }) => `${check} ${level}`);
    expect(new Set(checks)).toEqual(
      new Set(['format ok', 'keys ok', 'indexes ok', 'orphans ok', 'backlog ok', 'size ok']),
    );
    expect((await findings(2)).find(({ check }) => check === 'keys')).toMatchObject({
      level: 'problem',
    });
    await expect(openServices(settingsOf(2))).rejects.toThrow(/SECRETS_KEY/);
  });
});
