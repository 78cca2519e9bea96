import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LENGTHS } from '../../src/domain/lengths.ts';
import { type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const GREETING = { name: 'Outreach Greeting', body: 'Hi {person.firstName | "there"}!' };

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}/message-templates`;
});

describe('message templates', () => {
  it('are created with a derived id, listed, and read one by one', async () => {
    const first = await server.owner.post(path, GREETING);
    const second = await server.owner.post(path, { ...GREETING, description: 'Again' });
    const given = await server.owner.post(path, { ...GREETING, id: 'hello' });
    expect([first, second, given].map(({ status, body }) => [status, body.id])).toEqual([
      [201, 'outreach-greeting'],
      [201, 'outreach-greeting-2'],
      [201, 'hello'],
    ]);
    expect(second.headers.get('location')).toBe(`/v1${path}/outreach-greeting-2`);
    const { body, headers } = await server.owner.get(path);
    expect(body.data).toEqual([
      { id: 'outreach-greeting', ...GREETING },
      { id: 'outreach-greeting-2', ...GREETING, description: 'Again' },
      { id: 'hello', ...GREETING },
    ]);
    expect(headers.get('etag')).toBe('"4"');
    expect((await server.owner.get(`${path}/hello`)).body).toEqual({ id: 'hello', ...GREETING });
  });

  it('are replaced by PUT, merged by PATCH, and keep their id', async () => {
    const one = { id: 'hello', ...GREETING, defaultOnMissingSlot: 'block-send' };
    await server.owner.post(path, one);
    const patched = await server.owner.patch(`${path}/hello`, {
      description: 'First words',
      defaultOnMissingSlot: null,
    });
    expect(patched.body).toEqual({ id: 'hello', ...GREETING, description: 'First words' });
    const put = await server.owner.put(`${path}/hello`, { name: 'Hello', body: 'Hello.' });
    expect(put.body).toEqual({ id: 'hello', name: 'Hello', body: 'Hello.' });
    expect((await server.owner.put(`${path}/hello`, put.body)).body).toEqual(put.body);
    const renamed = await server.owner.put(`${path}/hello`, { ...put.body, id: 'other' });
    expectRefusal(renamed, 400, 'request.invalid', ['id']);
  });

  it('return the remaining list when one is deleted', async () => {
    await server.owner.post(path, { ...GREETING, id: 'a' });
    await server.owner.post(path, { ...GREETING, id: 'b' });
    const { status, body } = await server.owner.delete(`${path}/a`);
    expect({ status, body }).toEqual({ status: 200, body: { data: [{ id: 'b', ...GREETING }] } });
  });

  it.each([
    [{ name: 'x' }, ['body']],
    [{ body: ' ', name: '' }, ['body', 'name']],
    [{ ...GREETING, id: 'No Slug' }, ['id']],
    [{ ...GREETING, defaultOnMissingSlot: 'shout', extra: 1 }, ['defaultOnMissingSlot', 'extra']],
    [{ name: 'x', body: '{person.firstName} {user.name} {' }, ['body', 'body']],
  ])('refuse %j', async (input, paths) => {
    expectRefusal(await server.owner.post(path, input), 400, 'request.invalid', paths);
    expect((await server.owner.get(path)).body.data).toEqual([]);
  });

  it('refuse an unknown slot with its position', async () => {
    const { body } = await server.owner.post(path, { name: 'x', body: 'Hi {person.nickname}.' });
    expect(body.message).toMatch(/^body: at position 5 \(line 1, column 5\): there is no slot/);
  });

  it('refuse an unknown id, an id in use, and null for a required field', async () => {
    await server.owner.post(path, { ...GREETING, id: 'a' });
    const again = await server.owner.post(path, { ...GREETING, id: 'a' });
    expectRefusal(again, 409, 'message_template.id_taken', ['id']);
    const cleared = await server.owner.patch(`${path}/a`, { name: null, body: null });
    expectRefusal(cleared, 400, 'request.invalid', ['body', 'name']);
    const missing = 'message_template.not_found';
    expectRefusal(await server.owner.get(`${path}/b`), 404, missing);
    expectRefusal(await server.owner.patch(`${path}/b`, {}), 404, missing);
    expectRefusal(await server.owner.put(`${path}/b`, GREETING), 404, missing);
    expectRefusal(await server.owner.delete(`${path}/b`), 404, missing);
  });

  it('change nothing with a stale version', async () => {
    const stale = await server.owner.post(path, GREETING, { 'If-Match': '"7"' });
    expectRefusal(stale, 412, 'version.mismatch');
    expect((await server.owner.get(path)).body.data).toEqual([]);
  });

  it('are read and written in GraphQL', async () => {
    const written = await server.owner.query(
      `mutation ($agent: ID!) {
        createMessageTemplate(org: "acme", agent: $agent, input: {
          name: "Hello", body: "Hi.", defaultOnMissingSlot: OMIT_MESSAGE
        }) { messageTemplate { id defaultOnMissingSlot } agent { version messageTemplates { id } } }
      }`,
      { agent },
    );
    expect(written.createMessageTemplate).toEqual({
      messageTemplate: { id: 'hello', defaultOnMissingSlot: 'OMIT_MESSAGE' },
      agent: { version: 2, messageTemplates: [{ id: 'hello' }] },
    });
    const listed = await server.owner.query(
      '{ org(id: "acme") { agents(first: 1) { nodes { messageTemplate(id: "hello") { body } } } } }',
    );
    expect(listed).toEqual({
      org: { agents: { nodes: [{ messageTemplate: { body: 'Hi.' } }] } },
    });
  });
});

it('requires the read rights of a preview in the answer to an import too', async () => {
  await server.owner.post(path, { ...GREETING, id: 'hello' });
  await server.owner.put(`/orgs/acme/agents/${agent}/outreach`, { greetingTemplateId: 'hello' });
  const { body } = await server.owner.post(`/orgs/acme/agents/${agent}/people`, {
    firstName: 'Ann',
  });
  const importer = await server.as('editor', ['templates:apply']);
  const read = (selection: string) =>
    importer.graphql(`mutation {
      importSkillTemplate(org: "acme", agent: "${agent}"
        input: { templateId: "@anychat/skill-template.call-booking" }
      ) { agent { ${selection} } }
    }`);
  for (const selection of [
    `messageTemplate(id: "hello") { preview(personId: "${body.id}") { renderedText } }`,
    `outreach { preview(personId: "${body.id}") { greeting { renderedText } } }`,
    'readiness { code }',
  ]) {
    const { data, errors } = await read(selection);
    expect(JSON.stringify(data)).not.toContain('Ann');
    expect(errors).toMatchObject([{ extensions: { code: 'auth.scope_missing' } }]);
  }
});

describe('the preview of a text that is not stored', () => {
  let person: string;
  beforeEach(async () => {
    const { body } = await server.owner.post(`/orgs/acme/agents/${agent}/people`, {
      firstName: 'Ann',
    });
    person = String(body.id);
  });

  const preview = (client: Client, args: string) =>
    client.graphql(`{ org(id: "acme") { agent(id: "${agent}") {
      messagePreview(personId: "${person}", ${args}) {
        renderedText blocked missingSlots { path action }
      }
    } } }`);

  it.each([
    ['OMIT_SENTENCE', 'Hi Ann!'],
    ['OMIT_MESSAGE', ''],
    ['BLOCK_SEND', null],
    [undefined, 'Hi Ann!'],
  ])('is that of a template with the text and %s', async (policy, renderedText) => {
    const text = 'Hi {person.firstName}! We called {person.company}.';
    const policies = policy === undefined ? '' : `, defaultOnMissingSlot: ${policy}`;
    const { data } = await preview(server.owner, `body: ${JSON.stringify(text)}${policies}`);
    const stored = await server.owner.post(path, {
      name: 'Stored',
      body: text,
      ...(policy && { defaultOnMissingSlot: policy.toLowerCase().replace('_', '-') }),
    });
    const { body } = await server.owner.get(`${path}/${stored.body.id}/preview?personId=${person}`);
    expect(body).toMatchObject({ renderedText });
    expect(data).toMatchObject({
      org: { agent: { messagePreview: { renderedText, blocked: body.blocked } } },
    });
  });

  it('refuses a slot that cannot be parsed, and a text that is too long', async () => {
    const { errors } = await preview(server.owner, 'body: "Hi {person.firstName"');
    expect(errors).toMatchObject([
      { extensions: { code: 'request.invalid', details: [{ path: 'body' }] } },
    ]);
    const long = await server.owner.graphql(
      `query ($body: NonBlank!) { org(id: "acme") { agent(id: "${agent}") {
        messagePreview(personId: "${person}", body: $body) { renderedText }
      } } }`,
      { body: 'x'.repeat(LENGTHS.prompt + 1) },
    );
    expect(long.errors).toMatchObject([
      { extensions: { code: 'request.invalid', details: [{ path: 'body' }] } },
    ]);
  });

  it('requires people:read', async () => {
    const reader = await server.as('viewer', ['agents:read']);
    const { data, errors } = await preview(reader, 'body: "{person.email}"');
    expect(data).toEqual({ org: { agent: { messagePreview: null } } });
    expect(errors).toMatchObject([{ extensions: { code: 'auth.scope_missing' } }]);
    const both = await server.as('viewer', ['agents:read', 'people:read']);
    expect((await preview(both, 'body: "x"')).errors).toBeUndefined();
  });

  it('reports a person that does not exist', async () => {
    person = 'person_none';
    const { errors } = await preview(server.owner, 'body: "x"');
    expect(errors).toMatchObject([{ extensions: { code: 'person.not_found' } }]);
  });
});
