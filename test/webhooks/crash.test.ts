import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mintApiKey } from '../../src/api-keys/token.ts';
import { systemEffects } from '../../src/server/effects.ts';
import { Client } from '../kit/client.ts';
import { startProcess } from '../kit/process.ts';
import { startReceiver, verified } from '../kit/receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('delivers events from before the process was killed', async () => {
  const key = mintApiKey(systemEffects().random);
  const environment = {
    STORE_URL: `lmdb:${folder}`,
    BOOTSTRAP_API_KEY: key,
    DEMO_DATA: '0',
    WEBHOOK_ALLOW_PRIVATE: '1',
    LOG_LEVEL: 'info',
  };
  const receiver = await startReceiver();
  // Accepts connections and never answers: no delivery succeeds before the kill.
  receiver.answer = 'hang';

  const first = await startProcess(environment);
  const before = new Client(first.url, key);
  const { body } = await before.post('/orgs/acme/webhooks', {
    url: receiver.url,
    events: ['agent.created'],
  });
  const created = await before.post('/orgs/acme/agents', { name: 'Survivor' });
  expect(created.status).toBe(201);
  expect(await first.stop('SIGKILL')).toBe('SIGKILL');

  receiver.answer = 200;
  const tried = receiver.received.length;
  const second = await startProcess(environment);
  const arrived = (await receiver.until(tried + 1)).at(-1);
  if (!arrived) throw new Error('nothing came');
  expect(verified(body.signingSecret as string, arrived)).toMatchObject({
    type: 'agent.created',
    data: { id: created.body.id, orgId: 'acme' },
  });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(await second.stop()).toBe(0);
  await receiver.stop();
});
