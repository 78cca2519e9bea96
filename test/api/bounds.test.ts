import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/*
 * `test/schema/bounds.test.ts` tests every bound in the schema. These are both doors of a server.
 */

let server: TestServer;
let at: string;

beforeAll(async () => {
  server = await startTestServer();
  at = `/orgs/acme/agents/${await server.owner.createAgent({ id: 'a', name: 'A' })}`;
});
afterAll(() => server.stop());

/** As long as a body allows. */
const HUGE = 'x'.repeat(1_000_000);

describe('a text that is too long', () => {
  it.each([
    ['POST', () => '/orgs/acme/agents', { name: HUGE }, 'name'],
    ['POST', () => '/orgs/acme/api-keys', { name: HUGE }, 'name'],
    ['POST', () => '/orgs/acme/webhooks', { url: `https://example.com/${HUGE}` }, 'url'],
    ['PATCH', () => '/orgs/acme', { name: HUGE }, 'name'],
    ['PATCH', () => `${at}/identity`, { contactPhone: `+1${HUGE}` }, 'contactPhone'],
    ['POST', () => `${at}/people`, { email: `${HUGE}@example.com` }, 'email'],
    ['POST', () => `${at}/people`, { scheduledCallAt: HUGE }, 'scheduledCallAt'],
    ['POST', () => `${at}/people`, { scheduledCallTimezone: HUGE }, 'scheduledCallTimezone'],
    ['POST', () => `${at}/objectives`, { id: HUGE, name: 'O', body: 'O' }, 'id'],
    ['PUT', () => `${at}/guardrails`, { topicsToAvoid: ['a', HUGE] }, 'topicsToAvoid[1]'],
    ['POST', () => `${at}/skills/import`, { templateId: HUGE }, 'templateId'],
    ['POST', () => `${at}/import`, { skills: [{ name: HUGE, body: 'B' }] }, 'skills[0].name'],
  ])('in a body is refused with its place: %s %s', async (method, path, body, place) => {
    const answer = await server.owner.request(method, `/v1${path()}`, body);
    expectRefusal(answer, 400, 'request.invalid', [place]);
    expect(answer.body.message).toMatch(/^\S+: must have at most \d+ characters$/);
  });

  it.each([
    ['people?q=', 'q'],
    ['people?pageToken=', 'pageToken'],
    ['messages?start=', 'start'],
  ])('in a query parameter is refused: %s', async (list, place) => {
    const answer = await server.owner.get(`${at}/${list}${'x'.repeat(6_000)}`);
    expectRefusal(answer, 400, 'request.invalid', [place]);
  });

  it('costs nothing to refuse, however often a document uses it', async () => {
    const fields = Array.from({ length: 60 }, (_, i) => `p${i}: people(q: $q) { nodes { id } }`);
    const query = `query ($q: String) { org(id: "acme") { agent(id: "a") { ${fields.join(' ')} } } }`;
    const started = performance.now();
    // One character that normalises to 18.
    const { errors } = await server.owner.graphql(query, { q: '\u{FDFA}'.repeat(330_000) });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(errors?.[0]?.extensions.details).toEqual([
      { path: 'q', message: 'must have at most 200 characters' },
    ]);
  });
});

describe('an id that is a number', () => {
  it.each([
    ['POST', () => '/orgs/acme/agents', { id: 0, name: 'N' }, 'id'],
    ['POST', () => `${at}/skills/import`, { templateId: 7 }, 'templateId'],
    ['POST', () => `${at}/objectives/_reorder`, { ids: [1] }, 'ids[0]'],
    ['PUT', () => `${at}/outreach`, { greetingTemplateId: 1 }, 'greetingTemplateId'],
  ])('in a body is refused: %s %s %j', async (method, path, body, place) => {
    const answer = await server.owner.request(method, `/v1${path()}`, body);
    expectRefusal(answer, 400, 'request.invalid', [place]);
  });

  it.each([
    ['query ($id: ID!) { org(id: $id) { id } }', 'id'],
    ['{ org(id: 7) { id } }', 'id'],
    [
      'mutation { reorderObjectives(org: "acme", agent: "a", input: { ids: ["b", 1] }) { id } }',
      'input.ids[1]',
    ],
  ])('in GraphQL is refused: %s', async (query, place) => {
    const { data, errors } = await server.owner.graphql(query, { id: 7 });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.details).toEqual([{ path: place, message: 'must be a string' }]);
  });
});

describe('every template of the catalog', () => {
  it('is within the bounds: an agent built from it can be imported again', async () => {
    const { body } = await server.owner.get('/catalogs/agent-templates');
    for (const { id } of body.data as { id: string }[]) {
      const applied = await server.owner.post(`${at}/apply-template`, { templateId: id });
      expect([id, applied.status]).toEqual([id, 200]);
      await expectImportable();
    }
  });

  it.each(['skill', 'playbook', 'objective', 'personality', 'guardrail'])(
    'of the kind %s is within the bounds',
    async (kind) => {
      const { body } = await server.owner.get(`/catalogs/${kind}-templates`);
      const sub = kind === 'personality' ? kind : `${kind}s`;
      for (const { id } of body.data as { id: string }[]) {
        const imported = await server.owner.post(`${at}/${sub}/import`, { templateId: id });
        expect([id, [200, 201]]).toEqual([id, expect.arrayContaining([imported.status])]);
      }
      await expectImportable();
    },
  );

  async function expectImportable(): Promise<void> {
    const definition = await server.owner.get(`${at}/export?format=json`);
    const again = await server.owner.post(`${at}/import`, definition.body);
    expect([again.status, again.body.details]).toEqual([200, undefined]);
  }
});
