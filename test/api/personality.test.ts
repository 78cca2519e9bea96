import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const PROFESSIONAL = '@anychat/personality-template.professional';

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}/personality`;
});

describe('personality', () => {
  it('is not set on a new agent: 404 in REST, null in GraphQL', async () => {
    expectRefusal(await server.owner.get(path), 404, 'personality.not_set');
    const nothing = { current: null, baseline: null, divergence: null };
    expect((await server.owner.get(`${path}/diff`)).body).toEqual(nothing);
    const data = await server.owner.query(
      `query ($agent: ID!) { org(id: "acme") { agent(id: $agent) {
        personality { text } personalityDiff { current { text } }
      } } }`,
      { agent },
    );
    const expected = { personality: null, personalityDiff: { current: null } };
    expect(data).toEqual({ org: { agent: expected } });
  });

  it('is replaced as a whole', async () => {
    await server.owner.put(path, { text: 'Be kind.', description: 'Kind' });
    const { body } = await server.owner.put(path, { text: 'Be brief.' });
    expect(body).toEqual({ text: 'Be brief.' });
    expect((await server.owner.get(path)).body).toEqual(body);
  });

  it('has diverged in every field when it has no template', async () => {
    await server.owner.put(path, { text: 'Be kind.' });
    expect((await server.owner.get(`${path}/diff`)).body).toEqual({
      current: { description: null, text: 'Be kind.' },
      baseline: null,
      divergence: { description: true, text: true },
    });
  });

  it('has not diverged after an import, and then shows which fields were edited', async () => {
    const { status, body } = await server.owner.post(`${path}/import`, {
      templateId: PROFESSIONAL,
    });
    expect(status).toBe(200);
    expect(body.derivedFrom).toMatchObject({ templateId: PROFESSIONAL });
    const { description, text, derivedFrom } = body as Record<string, string>;
    const baseline = { ...(derivedFrom as unknown as object), description, text };
    expect((await server.owner.get(`${path}/diff`)).body).toEqual({
      current: { description, text },
      baseline,
      divergence: { description: false, text: false },
    });
    await server.owner.put(path, { description, text: text?.trim() });
    expect((await server.owner.get(`${path}/diff`)).body.divergence).toEqual({
      description: false,
      text: false,
    });
    await server.owner.put(path, { ...body, text: 'Mine.' });
    expect((await server.owner.get(path)).body.derivedFrom).toEqual(derivedFrom);
    expect((await server.owner.get(`${path}/diff`)).body).toEqual({
      current: { description, text: 'Mine.' },
      baseline,
      divergence: { description: false, text: true },
    });
  });

  it.each([
    [{}, ['text']],
    [{ text: ' \n' }, ['text']],
    [{ text: 'x', voice: 'deep' }, ['voice']],
    [{ text: 'x', derivedFrom: { templateId: PROFESSIONAL, version: '1' } }, ['derivedFrom']],
  ])('refuses %j', async (input, paths) => {
    expectRefusal(await server.owner.put(path, input), 400, 'request.invalid', paths);
    expectRefusal(await server.owner.get(path), 404, 'personality.not_set');
  });

  it('is not imported from an unknown template', async () => {
    const { status } = await server.owner.post(`${path}/import`, { templateId: '@anychat/none' });
    expect(status).toBe(404);
    expectRefusal(await server.owner.post(`${path}/import`, {}), 400, 'request.invalid', [
      'templateId',
    ]);
  });
});
