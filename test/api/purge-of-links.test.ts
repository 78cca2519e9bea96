import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OUTREACH_CODES, OUTREACH_LINKS } from '../../src/outreach-links/collection.ts';
import { SECRETS } from '../../src/secrets/secret-store.ts';
import { openLmdb } from '../../src/store/lmdb.ts';
import { startTestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const RCS = {
  channel: 'rcs',
  mode: 'unmanaged',
  provider: 'google-rbm',
  auth: { agentId: 'acme_agent', serviceAccountKey: '{}' },
};

it('removes the links and credentials of a deleted agent, and keeps its codes reserved', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
  const server = await startTestServer({ STORE_URL: `lmdb:${folder}` });
  const agent = await server.owner.createAgent({ id: 'brief', name: 'Brief' });
  const bound = await server.owner.post(`/orgs/acme/agents/${agent}/channels`, RCS);
  const links = `/orgs/acme/agents/${agent}/outreach-links`;
  const { body } = await server.owner.post(links, { bindingId: bound.body.id });
  await server.owner.delete(`/orgs/acme/agents/${agent}`);
  // The id is free again once everything that belongs to the agent is removed.
  const again = () => server.owner.post('/orgs/acme/agents', { id: 'brief', name: 'Later' });
  await expect.poll(async () => (await again()).status).toBe(201);
  expect((await server.owner.get(links)).body).toEqual({ data: [] });
  await server.stop();

  const store = await openLmdb(folder);
  const scan = { eq: [], limit: 10 };
  const secrets = await store.collection(SECRETS);
  expect((await secrets.scan(WORK, { ...scan, index: 'byKid' })).docs).toEqual([]);
  const codes = await store.collection(OUTREACH_CODES);
  const taken = await codes.get(WORK, String(body.code));
  expect(taken).toBeDefined();
  const kept = await store.collection(OUTREACH_LINKS);
  expect(await kept.get(WORK, String(taken?.link))).toBeUndefined();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
