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
  path = `/orgs/acme/agents/${await server.owner.createAgent()}/identity`;
});

describe('identity', () => {
  it('is empty on a new agent', async () => {
    const { status, body } = await server.owner.get(path);
    expect({ status, body }).toEqual({ status: 200, body: {} });
  });

  it('is replaced by PUT and merged by PATCH, where null clears', async () => {
    await server.owner.put(path, { brandColor: '#1a73e8', contactEmail: 'hi@acme.com' });
    const patched = await server.owner.patch(path, {
      brandColor: null,
      websiteUrl: 'https://acme.com',
    });
    const merged = { contactEmail: 'hi@acme.com', websiteUrl: 'https://acme.com' };
    expect(patched.body).toEqual(merged);
    expect((await server.owner.get(path)).body).toEqual(merged);
    await server.owner.put(path, { contactAvailability: 'Mon–Fri' });
    expect((await server.owner.get(path)).body).toEqual({ contactAvailability: 'Mon–Fri' });
  });

  it('stores phone numbers in E.164', async () => {
    const { body } = await server.owner.put(path, { contactPhone: '+1 (415) 555-0132' });
    expect(body).toEqual({ contactPhone: '+14155550132' });
  });

  it.each([
    ['brandColor', 'blue'],
    ['brandColor', 7],
    ['contactEmail', 'nobody'],
    ['contactPhone', '555-0132'],
    ['websiteUrl', 'javascript:alert(1)'],
    ['privacyPolicyUrl', 'acme.com/privacy'],
    ['smallLogoUrl', ''],
    ['contactAvailability', 9],
    ['favouriteFood', 'soup'],
  ])('refuses %s: %j, and changes nothing', async (field, value) => {
    await server.owner.put(path, { identityPreamble: 'You are Acme.' });
    expectRefusal(await server.owner.patch(path, { [field]: value }), 400, 'request.invalid', [
      field,
    ]);
    expect((await server.owner.get(path)).body).toEqual({ identityPreamble: 'You are Acme.' });
  });

  it('reports every problem at once', async () => {
    const bad = { brandColor: 'blue', contactEmail: 'nobody', soup: true };
    expectRefusal(await server.owner.put(path, bad), 400, 'request.invalid', [
      'brandColor',
      'contactEmail',
      'soup',
    ]);
  });
});
