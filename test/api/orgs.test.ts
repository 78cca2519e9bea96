import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
const path = '/orgs/acme';

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('an org', () => {
  it('is readable with any of its tokens, and has a version', async () => {
    const reader = await server.as('viewer', []);
    const { status, body, headers } = await reader.get(path);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { id: 'acme', name: 'Acme', features: [], products: [] },
    });
    expect(headers.get('etag')).toMatch(/^"\d+"$/);
  });

  it('is patched: fields that are sent change, and null clears', async () => {
    const first = { description: 'Health', timeZone: 'Europe/Berlin' };
    expect((await server.owner.patch(path, first)).body).toMatchObject(first);
    const second = await server.owner.patch(path, { name: 'Acme Health', timeZone: null });
    expect(second.body).toMatchObject({ name: 'Acme Health', description: 'Health' });
    expect(second.body).not.toHaveProperty('timeZone');
    expect((await server.owner.get(path)).body).toEqual(second.body);
  });

  it.each([
    [{}, ''],
    [{ name: null }, 'name'],
    [{ name: '  ' }, 'name'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ timeZone: '+02:00' }, 'timeZone'],
    [{ timeZone: '' }, 'timeZone'],
    [{ id: 'other' }, 'id'],
    [{ name: 'Ok', features: ['all'] }, 'features'],
    [{ description: 'Ok', products: ['all'] }, 'products'],
  ])('refuses %j, and changes nothing', async (patch, at) => {
    const before = await server.owner.get(path);
    expectRefusal(await server.owner.patch(path, patch), 400, 'request.invalid', [at]);
    expect((await server.owner.get(path)).body).toEqual(before.body);
  });

  it('is not changed with a stale version', async () => {
    const answer = await server.owner.patch(path, { name: 'Late' }, { 'If-Match': '"0"' });
    expectRefusal(answer, 412, 'version.mismatch');
  });
});
