import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
const agents = '/orgs/acme/agents';
const COUNT = 7;

beforeAll(async () => {
  server = await startTestServer();
  for (let i = 0; i < COUNT; i += 1) await server.owner.createAgent({ id: `a${i}`, name: `A${i}` });
});
afterAll(() => server.stop());

const ids = (body: Record<string, unknown>) => (body.data as { id: string }[]).map(({ id }) => id);
const newestFirst = Array.from({ length: COUNT }, (_, i) => `a${COUNT - 1 - i}`);

async function scan(limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let token: unknown;
  do {
    const after = token ? `&pageToken=${encodeURIComponent(String(token))}` : '';
    const { body } = await server.owner.get(`${agents}?limit=${limit}${after}`);
    pages.push(ids(body));
    token = body.nextPageToken;
  } while (token);
  return pages;
}

describe('a list', () => {
  it('is newest first, and complete without a limit', async () => {
    const { body } = await server.owner.get(agents);
    expect(ids(body)).toEqual(newestFirst);
    expect(body).not.toHaveProperty('nextPageToken');
  });

  it.each([1, 2, 3, 6, 7, 8, 200])('is complete in pages of %i', async (limit) => {
    const pages = await scan(limit);
    expect(pages.flat()).toEqual(newestFirst);
    expect(pages.length).toBe(Math.ceil(COUNT / limit));
  });

  it('continues at the same place when a newer item is added between pages', async () => {
    const first = (await server.owner.get(`${agents}?limit=3`)).body;
    await server.owner.createAgent({ id: 'late', name: 'Late' });
    const second = (await server.owner.get(`${agents}?limit=3&pageToken=${first.nextPageToken}`))
      .body;
    expect(ids(second)).toEqual(newestFirst.slice(3, 6));
    await server.owner.delete(`${agents}/late`);
  });

  it.each(['0', '201', '-1', '1.5', 'many'])('refuses limit=%s', async (limit) => {
    const answer = await server.owner.get(`${agents}?limit=${limit}`);
    expectRefusal(answer, 400, 'request.invalid', ['limit']);
    expect(answer.body.message).toMatch(/^limit: /);
  });

  it('refuses a token that was tampered with', async () => {
    const { nextPageToken } = (await server.owner.get(`${agents}?limit=1`)).body;
    const token = String(nextPageToken);
    const flipped = token.slice(0, 5) + (token[5] === 'A' ? 'B' : 'A') + token.slice(6);
    for (const bad of [flipped, token.slice(1), `${token}=`, 'soup', '%20']) {
      const answer = await server.owner.get(`${agents}?pageToken=${bad}`);
      expectRefusal(answer, 400, 'request.page_token', ['pageToken']);
    }
  });
});

describe('a connection', () => {
  const query = `query ($first: Int, $after: String) {
    org(id: "acme") {
      agents(first: $first, after: $after) {
        nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor }
      }
    }
  }`;

  it("uses the same cursors as REST's page tokens", async () => {
    const data = await server.owner.query(query, { first: 2 });
    const { agents: page } = data.org as {
      agents: { edges: { cursor: string }[]; pageInfo: { endCursor: string } };
    };
    expect(page).toMatchObject({
      nodes: [{ id: 'a6' }, { id: 'a5' }],
      pageInfo: { hasNextPage: true, endCursor: page.edges[1]?.cursor },
    });
    const { body } = await server.owner.get(
      `${agents}?limit=1&pageToken=${page.pageInfo.endCursor}`,
    );
    expect(ids(body)).toEqual(['a4']);
  });

  it('refuses what a list refuses, and names its own argument', async () => {
    const { errors } = await server.owner.graphql(query, { first: 0 });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'request.invalid',
      details: [{ path: 'first' }],
    });
  });
});
