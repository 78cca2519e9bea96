import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SettingsError } from '../../src/server/settings.ts';
import { ORG, startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const TRUSTED = 'query Org($id: ID!) { org(id: $id) { name } }';
const OTHER = '{ org(id: "acme") { id } }';
const idOf = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let file: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-api-trusted-'));
  file = join(folder, 'documents.json');
  writeFileSync(file, JSON.stringify({ [idOf(TRUSTED)]: TRUSTED }));
  server = await startTestServer({ TRUSTED_DOCUMENTS: file });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const send = (body: object) => server.owner.request('POST', '/graphql', body);
const variables = { id: ORG };
const answer = { data: { org: { name: 'Acme' } } };

describe('a trusted document', () => {
  it.each(['', 'sha256:'])('is executed by its id, prefixed by "%s"', async (prefix) => {
    const { status, body } = await send({ documentId: prefix + idOf(TRUSTED), variables });
    expect({ status, body }).toEqual({ status: 200, body: answer });
  });

  it('is executed by its id in a GET', async () => {
    const search = new URLSearchParams({
      documentId: idOf(TRUSTED),
      variables: JSON.stringify(variables),
    });
    expect((await server.owner.request('GET', `/graphql?${search}`)).body).toEqual(answer);
  });

  it.each([
    ['an unknown id', { documentId: idOf(OTHER) }, 'is not the id of a trusted document'],
    ['an id that is no text', { documentId: 1 }, 'must be a string'],
    [
      'an id and a query',
      { documentId: idOf(TRUSTED), query: TRUSTED },
      'takes the place of a query; send one of them',
    ],
  ])('is not %s', async (_, body, message) => {
    const { errors } = (await send(body)).body as {
      errors: { extensions: { code: string; details: unknown } }[];
    };
    expect(errors[0]?.extensions).toMatchObject({
      code: 'request.invalid',
      details: [{ path: 'documentId', message }],
    });
  });

  it('has no id where the server has none', async () => {
    const other = await startTestServer();
    const { body } = await other.owner.request('POST', '/graphql', { documentId: idOf(TRUSTED) });
    await other.stop();
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'request.invalid' } }] });
  });
});

describe('an org that asks for trusted documents only', () => {
  const entitle = (...features: string[]) => server.services.orgs.entitle(WORK, ORG, { features });
  const refused = {
    errors: [{ extensions: { code: 'request.document_not_trusted', statusCode: 403 } }],
  };

  it('has other documents refused from the next request on, kept answers included', async () => {
    await entitle();
    for (let i = 0; i < 3; i += 1) {
      expect((await send({ query: OTHER })).body).toEqual({ data: { org: { id: ORG } } });
    }
    await entitle('trusted-documents-only');
    expect((await send({ query: OTHER })).body).toMatchObject(refused);
    expect((await send({ query: '{ __schema { types { name } } }' })).body).toMatchObject(refused);
    expect((await send({ query: TRUSTED, variables })).body).toEqual(answer);
    expect((await send({ documentId: idOf(TRUSTED), variables })).body).toEqual(answer);
    expect((await server.owner.get('/orgs/acme')).status).toBe(200);
    await entitle();
    expect((await send({ query: OTHER })).body).toEqual({ data: { org: { id: ORG } } });
  });

  it('has mutations refused, also under the key of an earlier answer', async () => {
    const headers = { 'Idempotency-Key': 'not-trusted' };
    const query = 'mutation { createAgent(org: "acme", input: { name: "A" }) { id } }';
    const mutate = (more = {}) => server.owner.request('POST', '/graphql', { query }, more);
    expect((await mutate(headers)).body).toMatchObject({
      data: { createAgent: expect.anything() },
    });
    await entitle('trusted-documents-only');
    expect((await mutate()).body).toMatchObject(refused);
    expect((await mutate(headers)).body).toMatchObject(refused);
    await entitle();
  });

  it('has subscriptions refused, too', async () => {
    await entitle('trusted-documents-only');
    const query = 'subscription { messageArrived(org: "acme", agent: "a") { cursor } }';
    const headers = { Accept: 'text/event-stream' };
    const response = await server.owner.request('POST', '/graphql', { query }, headers);
    expect(response.body).toMatchObject(refused);
    await entitle();
  });
});

describe('a file of documents', () => {
  it.each([
    ['a document under another hash', { [idOf(OTHER)]: TRUSTED }, 'is not its SHA-256'],
    ['a document that is not valid', { [idOf('{ nothing }')]: '{ nothing }' }, 'Cannot query'],
    ['no text', { [idOf(OTHER)]: 1 }, 'must be a string'],
    ['a list', [], 'must be a JSON object'],
  ])('with %s ends the start', async (_, manifest, reason) => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify(manifest));
    const start = startTestServer({ TRUSTED_DOCUMENTS: bad });
    await expect(start).rejects.toThrow(SettingsError);
    await expect(start).rejects.toThrow(reason);
  });

  it('that does not exist ends the start', async () => {
    const start = startTestServer({ TRUSTED_DOCUMENTS: join(folder, 'none.json') });
    await expect(start).rejects.toThrow('ENOENT');
  });
});
