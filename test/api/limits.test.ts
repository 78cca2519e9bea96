import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_PER_ORG } from '../../src/orgs/room.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { isOnMongodb } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Runs that many times, a hundred at once. */
async function times<T>(count: number, run: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < count) {
    const length = Math.min(100, count - results.length);
    const started = Array.from({ length }, (_, i) => run(results.length + i));
    results.push(...(await Promise.all(started)));
  }
  return results;
}

// One check counts all kinds. On MongoDB it is tested with the kind that has the fewest, since each
// addition reads those before it.
it('an org has a limited number of webhooks', async () => {
  const path = '/orgs/acme/webhooks';
  const input = { url: 'https://example.com/events' };
  const created = await times(MAX_PER_ORG.webhooks, () => server.owner.post(path, input));
  expect(created.filter(({ status }) => status === 201)).toHaveLength(MAX_PER_ORG.webhooks);
  expectRefusal(await server.owner.post(path, input), 409, 'org.limit_reached');
  const [first] = (await server.owner.get(path)).body.data as { id: string }[];
  await server.owner.delete(`${path}/${first?.id}`);
  expect((await server.owner.post(path, input)).status).toBe(201);
});

it.skipIf(isOnMongodb)(
  'an org has a limited number of API keys, which does not bind its operators',
  async () => {
    const path = '/orgs/acme/api-keys';
    const key = { name: 'K', role: 'viewer', scopes: [] } as const;
    await times(MAX_PER_ORG.apiKeys, () => server.services.apiKeys.mint(WORK, 'acme', key));
    expectRefusal(await server.owner.post(path, { name: 'More' }), 409, 'org.limit_reached');
    const [first] = (await server.owner.get(path)).body.data as { id: string }[];
    expect((await server.owner.patch(`${path}/${first?.id}`, { name: 'L' })).status).toBe(200);
  },
);

it.skipIf(isOnMongodb)(
  'an org has a limited number of members, whose roles can still be changed',
  async () => {
    const { members, orgs } = server.services;
    await orgs.ensure(WORK, 'other', 'Other');
    const add = (i: number, role: 'viewer' | 'editor' = 'viewer', org = 'acme') =>
      members.set(WORK, org, `user-${i}@acme.com`, role);
    await times(MAX_PER_ORG.members, (i) => add(i));
    await expect(add(MAX_PER_ORG.members)).rejects.toMatchObject({ code: 'org.limit_reached' });
    expect(await add(0, 'editor')).toMatchObject({ role: 'editor' });
    expect(await add(MAX_PER_ORG.members, 'viewer', 'other')).toMatchObject({ org: 'other' });
  },
);
