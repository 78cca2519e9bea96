import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { documented } from '../contract/documented.ts';
import type { OpenApiDocument } from '../kit/operations.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let document: OpenApiDocument;
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);

beforeAll(async () => {
  server = await startTestServer({ DEMO_DATA: '1' });
  document = (await server.anonymous.get('/openapi.json')).body as unknown as OpenApiDocument;
  ajv.addSchema(closed(document) as object, 'openapi');
});
afterAll(() => server.stop());

/** The schema, with undescribed properties forbidden in every described object. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, it]) => [key, closed(it)]));
  const describes = inner.type === 'object' && 'properties' in inner;
  return describes ? { additionalProperties: false, ...inner } : inner;
}

/** A path before its first parameter, and that. */
const FIRST_PARAMETER = /^(.*?)\/(\{\w+\})/;

const nameOf = (path: string) => path.replace(/\{\w+\}/g, '{}');
const protectedRows = documented.filter((row) => !row.public);

/** A validator for the schema at this path of the document. */
function validator(...path: readonly string[]): ValidateFunction {
  const pointer = path.map((part) => encodeURIComponent(part.replaceAll('/', '~1')));
  return ajv.compile({ $ref: `openapi#/${pointer.join('/')}` });
}

it('is a valid OpenAPI document with the version of the package', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
  expect({ valid, errors }).toMatchObject({ valid: true });
  expect(document.openapi).toBe('3.1.0');
  expect(document.info.version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

it('describes every operation that requires a token, and marks those beyond the reference', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${nameOf(path)}`,
      role: operation['x-role'],
      scope: operation['x-scope'],
      extension: operation['x-extension'] ?? false,
      status: Object.keys(operation.responses).filter((status) => /^2/.test(status)),
    })),
  );
  const expected = protectedRows.map(({ method, path, role, scope, status, extension }) => ({
    name: `${method} ${nameOf(path)}`,
    role,
    scope,
    extension: extension ?? false,
    status: [String(status)],
  }));
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect(described.sort(byName)).toEqual(expected.sort(byName));
});

const operations = () => Object.values(document.paths).flatMap((it) => Object.values(it));

it('names every operation once, and describes each of its parameters', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const shared = Object.values(document.components.parameters);
  const own = operations().flatMap(({ parameters }) => parameters.filter(({ $ref }) => !$ref));
  for (const { description } of [...shared, ...own]) expect(description).toMatch(/\w/);
});

it('gives every operation a summary that starts with a verb', () => {
  const summaries = operations().map(({ summary }) => summary);
  expect(new Set(summaries).size).toBe(summaries.length);
  // A verb in the third person first, no full stop, short enough for a list.
  for (const summary of summaries) expect(summary).toMatch(/^[A-Z][a-z]+s\b[^.]{3,60}$/);
});

it('describes every tag of an operation, and no other', () => {
  const used = operations().flatMap(({ tags }) => tags);
  expect(document.tags.map(({ name }) => name).sort()).toEqual([...new Set(used)].sort());
  for (const { description } of document.tags) expect(description).toMatch(/\w/);
});

describe('an answer', () => {
  const paths = protectedRows.filter(({ method }) => method === 'GET').map(({ path }) => path);

  it.each(paths)('to GET %s matches its description', async (path) => {
    const url = await filledIn(path);
    const { status, headers, body } = await server.owner.get(url);
    const described = Object.keys(document.paths).find((it) => nameOf(it) === nameOf(path)) ?? '';
    if (path.endsWith('/export')) {
      const media = describedMedia(described);
      expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, media[0]]);
      const answers = ['paths', described, 'get', 'responses', '200', 'content'];
      // A schema describes the value of a text, not the text.
      const value = parseYaml(String(body));
      expect(value).toMatchObject({ identity: expect.anything() });
      expect(validator(...answers, 'application/yaml', 'schema')(value)).toBe(true);
      const json = await server.owner.get(`${url}&format=json`);
      expect(validator(...answers, 'application/json', 'schema')(json.body)).toBe(true);
      return;
    }
    // The demo has at least one of everything.
    expect({ status, body }).toMatchObject({ status: 200 });
    const answer = ['paths', described, 'get', 'responses', '200', 'content', 'application/json'];
    const valid = validator(...answer, 'schema');
    expect(valid(body), JSON.stringify([valid.errors, body])).toBe(true);
  });

  it('is an Error when the request is refused', async () => {
    const valid = validator('components', 'schemas', 'Error');
    for (const answer of [
      await server.owner.get('/orgs/acme/agents/none'),
      await server.anonymous.get('/orgs/acme'),
      await server.owner.post('/orgs/acme/agents', { soup: 1 }),
    ]) {
      expect(valid(answer.body), JSON.stringify([valid.errors, answer.body])).toBe(true);
    }
  });

  /** The described media types of the answer to a GET. */
  function describedMedia(path: string): string[] {
    return Object.keys(document.paths[path]?.get?.responses['200']?.content ?? {});
  }

  it.each<[string, string, unknown, boolean]>([
    ['CreateAgentInput', '/orgs/acme/agents', { name: 'A' }, true],
    ['CreateAgentInput', '/orgs/acme/agents', { name: '' }, false],
    ['CreateAgentInput', '/orgs/acme/agents', { name: 'A', soup: 1 }, false],
    [
      'CreateAgentInput',
      '/orgs/acme/agents',
      { name: 'A', identity: { brandColor: 'red' } },
      false,
    ],
    ['PersonInput', '/orgs/acme/agents/acme-demo/people', { status: 'lost' }, true],
    ['PersonInput', '/orgs/acme/agents/acme-demo/people', { status: 'LOST' }, false],
    ['CreateApiKeyInput', '/orgs/acme/api-keys', { name: 'K', scopes: ['agents:read'] }, true],
    ['CreateApiKeyInput', '/orgs/acme/api-keys', { name: 'K', scopes: ['AGENTS_READ'] }, false],
  ])('is 201 exactly when the body is a valid %s: %s %j', async (schema, path, input, good) => {
    expect(validator('components', 'schemas', schema)(input)).toBe(good);
    expect((await server.owner.post(path, input)).status).toBe(good ? 201 : 400);
  });

  /** The path, with ids from the demo data. */
  async function filledIn(path: string): Promise<string> {
    const agent = '/orgs/acme/agents/acme-demo';
    const first = async (list: string) => {
      const { body } = await server.owner.get(list);
      const [item] = (body.data ?? []) as { id?: string; toolId?: string; version?: number }[];
      const id = item?.id ?? item?.toolId ?? item?.version;
      if (!id) throw new Error(`${list} has no item: add one in src/demo/ or here`);
      return encodeURIComponent(id);
    };
    if (path.includes('/webhooks/')) {
      const { body } = await server.owner.post('/orgs/acme/webhooks', {
        url: 'https://host.test/',
      });
      if (path.includes('/deliveries')) {
        await server.services.webhooks.ping(WORK, 'acme', String(body.id));
      }
    }
    if (path.includes('/message-templates/')) {
      await server.owner.post(`${agent}/message-templates`, { name: 'M', body: 'Hi.' });
    }
    let whole = path.replace('{org}', 'acme').replace('{agent}', 'acme-demo');
    for (let match = FIRST_PARAMETER.exec(whole); match; match = FIRST_PARAMETER.exec(whole)) {
      const [, before = '', parameter = ''] = match;
      const list = before.replace(`${agent}/tools`, `${agent}/tool-bindings`);
      whole = whole.replace(parameter, await first(list));
    }
    const query = path.endsWith('/preview')
      ? `?personId=${await first(`${agent}/people`)}`
      : '?start=0';
    return whole + query;
  }
});

it.each([
  ['agents', 50, 200],
  ['agents/{agent}/people', 50, 200],
  ['agents/{agent}/messages', 200, 1000],
])('describes the page limits of %s and the next page', (path, limit, max) => {
  const { parameters = [] } = document.paths[`/orgs/{org}/${path}`]?.get ?? {};
  const named = (name: string) => parameters.find((it) => it.name === name);
  expect(named('limit')?.schema).toMatchObject({ default: limit, minimum: 1, maximum: max });
  expect(named('pageToken')?.description).toContain('nextPageToken');
});
