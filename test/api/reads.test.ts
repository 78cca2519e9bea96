import { afterEach, describe, expect, it, vi } from 'vitest';
import { AgentService } from '../../src/agents/service.ts';
import type { Collection, Doc } from '../../src/store/port.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;

afterEach(async () => {
  vi.restoreAllMocks();
  await server.stop();
});

describe('reads', () => {
  it('load agents once, however often a request selects them', async () => {
    server = await startTestServer();
    for (let i = 0; i < 3; i += 1) await server.owner.createAgent({ id: `a${i}`, name: 'A' });
    const find = vi.spyOn(AgentService.prototype, 'find');
    const getMany = vi.spyOn(AgentService.prototype, 'getMany');
    const fields = Array.from({ length: 100 }, (_, i) => `f${i}: agent(id: "a${i % 3}") { name }`);
    const { org } = await server.owner.query(`{ org(id: "acme") { ${fields.join(' ')} } }`);
    expect(Object.keys(org as object)).toHaveLength(100);
    // An embedded store answers each at once; of another, all are one read.
    const { embedded } = server.services.traits;
    const reads = embedded ? find.mock.calls : getMany.mock.calls;
    expect(reads).toHaveLength(embedded ? 3 : 1);
    expect(reads.flatMap(([, read]) => read)).toHaveLength(3);
  });

  it('of a list load only the selected parts of the documents', async () => {
    server = await startTestServer();
    await server.owner.createAgent();
    const list = vi.spyOn(AgentService.prototype, 'list');
    await server.owner.query(
      `{ org(id: "acme") { agents { ...page edges { node { description } } } } }
       fragment page on AgentConnection { nodes { ... on Agent { name orgId } } pageInfo { endCursor } }`,
    );
    expect(list.mock.calls[0]?.[3]).toEqual(['name', 'org', 'description']);
    const [page] = await Promise.all(list.mock.results.map(({ value }) => value));
    expect(Object.keys(page.docs[0]).sort()).toEqual([
      'id',
      'key',
      'name',
      'org',
      'uid',
      'version',
    ]);
  });

  it('scan the traffic of many agents once for each kind', async () => {
    server = await startTestServer();
    for (let i = 0; i < 8; i += 1) await server.owner.createAgent();
    const { collections } = server.services.traffic;
    const kinds = ['messages', 'conversations', 'users', 'logs'] as const;
    const spies = kinds.map((kind) => [
      vi.spyOn(collections[kind], 'scanMany'),
      vi.spyOn(collections[kind], 'scan'),
    ]);
    const readsOfQuery = async () => {
      for (const spy of spies.flat()) spy.mockClear();
      await server.owner.query(`{ org(id: "acme") { agents { nodes {
        ${kinds.map((kind) => `${kind}(first: 3) { pageInfo { hasNextPage } }`).join(' ')}
      } } } }`);
      return spies.map((pair) => pair.map(({ mock }) => mock.calls.length));
    };
    // Work that takes longer than its slice of the event loop is split, as on a slow machine.
    await expect.poll(readsOfQuery).toEqual(kinds.map(() => [1, 0]));
  });

  it('scan the appointments of many people once, and the conversations of many users once', async () => {
    server = await startTestServer();
    const agent = await server.owner.createAgent();
    const users = ['ann', 'bob', 'cy', 'dee'];
    for (const firstName of users) {
      await server.owner.post(`/orgs/acme/agents/${agent}/people`, { firstName });
    }
    const sent = users.map((userId) => messageOf(agent, { userId, sessionId: `of ${userId}` }));
    await server.services.ingest.ingest(WORK, 'acme', sent);
    // The spies see every collection, because they are on the shared prototype.
    const store = Object.getPrototypeOf(server.services.traffic.collections.messages);
    const scan = vi.spyOn(store as Collection<Doc>, 'scan');
    const scanMany = vi.spyOn(store as Collection<Doc>, 'scanMany');
    await server.owner.query(`{ org(id: "acme") { agent(id: "${agent}") {
      people { nodes { appointments(first: 2) { nodes { id } } } }
      users { nodes { conversations(first: 2) { nodes { sessionId } } } }
    } } }`);
    const many = scanMany.mock.calls.map(([, scans]) => [scans[0]?.index, scans.length]).sort();
    expect(many).toEqual([
      ['byChannelUser', users.length],
      ['byPerson', users.length],
    ]);
    const single = scan.mock.calls.map(([, { index }]) => index);
    expect(single).not.toContain('byPerson');
    expect(single).not.toContain('byChannelUser');
  });
});
