import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  path = `/orgs/acme/agents/${await server.owner.createAgent()}`;
});

describe('If-None-Match', () => {
  it.each([
    ['"1"', 304],
    ['W/"1"', 304],
    ['"7", "1"', 304],
    ['*', 304],
    ['"2"', 200],
  ])('%s on version 1 answers %i', async (tag, status) => {
    for (const part of ['', '/identity']) {
      const answer = await server.owner.get(path + part, { 'If-None-Match': tag });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('etag')).toBe('"1"');
      if (status === 304) expect(answer.body).toBe('');
    }
  });
});

describe('If-Match', () => {
  it.each(['"1"', '*'])('%s allows a write on version 1', async (tag) => {
    const { status, headers } = await server.owner.patch(path, { name: 'B' }, { 'If-Match': tag });
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: '"2"' });
  });

  it.each(['"2"', 'W/"1"', '"soup"', '1'])('%s refuses a write on version 1', async (tag) => {
    const before = await server.owner.get(path);
    const headers = { 'If-Match': tag };
    expectRefusal(await server.owner.patch(path, { name: 'B' }, headers), 412, 'version.mismatch');
    expectRefusal(await server.owner.put(`${path}/identity`, {}, headers), 412, 'version.mismatch');
    expectRefusal(await server.owner.delete(path, headers), 412, 'version.mismatch');
    expect((await server.owner.get(path)).body).toEqual(before.body);
  });

  it('accepts only one tag', async () => {
    const answer = await server.owner.patch(path, { name: 'B' }, { 'If-Match': '"1", "2"' });
    expectRefusal(answer, 400, 'request.malformed');
  });
});

describe('an answer that depends on more than the agent', () => {
  it.each(['/skills', '/skills/escalate-to-human', '/updates', '/tool-bindings'])(
    'at %s is never 304',
    async (part) => {
      const answer = await server.owner.get(path + part, { 'If-None-Match': '"1"' });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('etag')).toBe('"1"');
    },
  );
});
