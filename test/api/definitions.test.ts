import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import type { Answer } from '../kit/client.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const YAML = { 'Content-Type': 'application/yaml' };
const SALES = '@anychat/agent-template.sales-development';

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}`;
});

/** The body of an export; a string when it is YAML. */
async function exported(of: string, headers?: Record<string, string>): Promise<string> {
  const { status, body } = await server.owner.get(`${of}/export`, headers);
  expect(status).toBe(200);
  return body as unknown as string;
}

const importing = (text: string, headers: Record<string, string> = YAML): Promise<Answer> =>
  server.owner.post(`${path}/import`, text, headers);

describe('export', () => {
  it.each([
    ['', undefined, 'application/yaml'],
    ['', '*/*', 'application/yaml'],
    ['', 'text/html, */*;q=0.8', 'application/yaml'],
    ['', 'application/json', 'application/json'],
    ['', 'application/yaml;q=0.5, application/json', 'application/json'],
    ['', 'application/json;q=0.5, application/yaml', 'application/yaml'],
    ['?format=json', 'application/yaml', 'application/json'],
    ['?format=yaml', 'application/json', 'application/yaml'],
  ])('with %j and Accept %s is %s', async (query, accept, type) => {
    const { status, headers } = await server.owner.get(
      `${path}/export${query}`,
      accept ? { Accept: accept } : {},
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(headers.get('vary')).toContain('Accept');
  });

  it('refuses another format', async () => {
    expectRefusal(await server.owner.get(`${path}/export?format=xml`), 400, 'request.invalid', [
      'format',
    ]);
  });

  it('has an ETag for a conditional read, and for If-Match on an import', async () => {
    const { headers } = await server.owner.get(`${path}/export`);
    expect(headers.get('etag')).toBe('"1"');
    const again = await server.owner.get(`${path}/export`, { 'If-None-Match': '"1"' });
    expect(again.status).toBe(304);
    const json = await server.owner.get(`${path}/export?format=json`, { 'If-None-Match': '"1"' });
    expect(json.status).toBe(200);
    const tag = json.headers.get('etag') ?? '';
    const done = await importing('products: [a]', { ...YAML, 'If-Match': tag });
    expect([done.status, done.headers.get('etag')]).toEqual([200, '"2"']);
    const stale = await importing('products: [b]', { ...YAML, 'If-Match': tag });
    expectRefusal(stale, 412, 'version.mismatch');
  });
});

describe('export and import', () => {
  beforeEach(async () => {
    expect((await server.owner.post(`${path}/apply-template`, { templateId: SALES })).status).toBe(
      200,
    );
    await server.owner.patch(`${path}/identity`, {
      brandColor: '#1a73e8',
      contactPhone: '+14155550132',
    });
  });

  it.each([
    ['application/yaml', {}],
    ['application/json', { Accept: 'application/json' }],
  ])('in %s give the same bytes on another agent and on the same agent', async (type, accept) => {
    const { body } = await server.owner.get(`${path}/export`, accept);
    const text = type.endsWith('json') ? JSON.stringify(body) : (body as unknown as string);
    const before = await exported(path);
    const other = `/orgs/acme/agents/${await server.owner.createAgent()}`;
    for (const target of [other, path]) {
      const done = await server.owner.post(`${target}/import`, text, { 'Content-Type': type });
      expect(done.status, JSON.stringify(done.body)).toBe(200);
      expect(done.body.agent).toMatchObject({ id: target.split('/').at(-1) });
      expect(done.body.applied).toEqual(SECTION_NAMES);
      expect(await exported(target)).toBe(before);
    }
  });

  it('keep the sections that the document lacks, and add one version', async () => {
    const { body: skills } = await server.owner.get(`${path}/skills`);
    const version = Number((await server.owner.get(path)).headers.get('etag')?.slice(1, -1));
    const done = await importing('guardrails:\n  topicsToAvoid: [politics]\npersonality: null\n');
    expect(done.body.applied).toEqual(['personality', 'guardrails']);
    expect(done.headers.get('etag')).toBe(`"${version + 1}"`);
    expect((await server.owner.get(`${path}/skills`)).body).toEqual(skills);
    expect((await server.owner.get(`${path}/guardrails`)).body).toEqual({
      topicsToAvoid: ['politics'],
    });
    expectRefusal(await server.owner.get(`${path}/personality`), 404, 'personality.not_set');
  });

  it('omit secrets, and keep those of the bindings that remain', async () => {
    const tool = encodeURIComponent('@anychat/tool.custom-http-webhook');
    const url = 'https://hooks.example.com/very-secret-path';
    const bound = await server.owner.put(`${path}/tool-bindings/${tool}`, { config: { url } });
    expect(bound.status, JSON.stringify(bound.body)).toBe(200);
    const text = await exported(path);
    expect(text).toContain('@anychat/tool.custom-http-webhook');
    expect(text).not.toContain('very-secret-path');
    expect((await importing(text)).status).toBe(200);
    expect((await server.owner.get(`${path}/tool-bindings/${tool}`)).body).toEqual(bound.body);
  });

  it('remove the secrets of a binding that an import removes', async () => {
    const tool = encodeURIComponent('@anychat/tool.custom-http-webhook');
    const config = { url: 'https://hooks.example.com/very-secret-path' };
    await server.owner.put(`${path}/tool-bindings/${tool}`, { config });
    const text = await exported(path);
    expect((await importing('toolBindings: []')).body.applied).toEqual(['toolBindings']);
    expect((await server.owner.get(`${path}/tool-bindings/${tool}`)).status).toBe(404);
    await importing(text);
    const { body } = await server.owner.get(`${path}/tool-bindings/${tool}`);
    expect(body).toMatchObject({ configStatus: 'incomplete', missing: ['url'] });
  });

  it('change nothing when one section is invalid', async () => {
    const before = await exported(path);
    const bad =
      'products: [x]\nobjectives:\n  - name: A\n    body: A\noutreach:\n  greetingTemplateId: no\n';
    expectRefusal(await importing(bad), 400, 'request.invalid', ['outreach.greetingTemplateId']);
    expect(await exported(path)).toBe(before);
  });

  it('work the same over GraphQL', async () => {
    const text = await exported(path);
    const data = await server.owner.query(
      `query ($agent: ID!) { org(id: "acme") { agent(id: $agent) { yaml: export json: export(format: JSON) } } }`,
      { agent },
    );
    const { yaml, json } = (data.org as { agent: { yaml: string; json: string } }).agent;
    expect(yaml).toBe(text);
    expect(JSON.parse(json)).toHaveProperty('playbooks[0].isDefault');
    const imported = await server.owner.query(
      `mutation ($agent: ID!) { importAgent(org: "acme", agent: $agent,
        document: "products: [rcs]\\nobjectives: [{name: One, body: Do it., priority: 3}]"
      ) { applied agent { objectives { id priority } } } }`,
      { agent },
    );
    expect(imported.importAgent).toEqual({
      applied: ['OBJECTIVES', 'PRODUCTS'],
      agent: { objectives: [{ id: 'one', priority: 3 }] },
    });
  });

  it.each(['YAML', 'JSON'])(
    'accept over GraphQL what either door exports as %s',
    async (format) => {
      const data = await server.owner.query(
        `{ org(id: "acme") { agent(id: "${agent}") { export(format: ${format}) } } }`,
      );
      const exported = (data.org as { agent: { export: string } }).agent.export;
      const rest = await server.owner.get(`${path}/export?format=${format.toLowerCase()}`);
      expect(typeof rest.body === 'string' ? rest.body : JSON.stringify(rest.body)).toBe(exported);
      const target = await server.owner.createAgent();
      const { importAgent } = await server.owner.query(
        `mutation ($agent: ID!, $document: String!) {
        importAgent(org: "acme", agent: $agent, document: $document, expectedVersion: 1) {
          agent { version export(format: ${format}) }
        }
      }`,
        { agent: target, document: exported },
      );
      expect(importAgent).toEqual({ agent: { version: 2, export: exported } });
    },
  );

  it.each([
    ['skills:\n  - name: A\n', 'request.invalid', [['skills[0].body', /\(line 2, column 5\)/]]],
    ['{"skills": [{"name": "A"}]}', 'request.invalid', [['skills[0].body', /^is required$/]]],
    [
      'playbooks:\n- id: p\n  name: P\n  body: B\n  isDefault: true\n  skillRefs: [no]',
      'request.invalid',
      [['playbooks[0].skillRefs[0]', /\(line 6, column 15\)/]],
    ],
    [
      '{"messageTemplates": [{"name": "A", "body": "B", "defaultOnMissingSlot": "OMIT_SENTENCE"}]}',
      'request.invalid',
      [['messageTemplates[0].defaultOnMissingSlot', /omit-sentence/]],
    ],
    ['', 'request.invalid', [['', /is required/]]],
    ['- 1', 'request.invalid', [['', /must be an object/]]],
    ['skills: [', 'request.malformed', []],
    ['{"skills": [', 'request.malformed', []],
    ['!!js/function a', 'request.malformed', []],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 'request.malformed', []],
    [`{"products": [${'1,'.repeat(2_000)}1]}`, 'request.too_complex', []],
  ] as const)(
    'refuse %j over GraphQL with a code, and every problem',
    async (document, code, problems) => {
      const agent = await server.owner.createAgent();
      const { data, errors } = await server.owner.graphql(
        'mutation ($agent: ID!, $document: String!) { importAgent(org: "acme", agent: $agent, document: $document) { applied } }',
        { agent, document },
      );
      expect(data).toEqual({ importAgent: null });
      const [error] = errors ?? [];
      expect(error?.extensions.code, error?.message).toBe(code);
      const details = error?.extensions.details ?? [];
      expect(details.map(({ path }) => path)).toEqual(problems.map(([path]) => path));
      problems.forEach(([, message], i) => {
        expect(details[i]?.message).toMatch(message);
      });
      expect((await server.owner.get(`/orgs/acme/agents/${agent}`)).headers.get('etag')).toBe(
        '"1"',
      );
    },
  );
});

describe('import', () => {
  it.each([
    ['sections: 1', ['sections'], /sections: is not a field here \(line 1, column 1\)/],
    ['\nskills:\n  - name: A\n', ['skills[0].body'], /is required \(line 3, column 5\)/],
    [
      'skills:\n  - {name: A, body: A, color: red}\n  - 7\n',
      ['skills[0].color', 'skills[1]'],
      /2 problems/,
    ],
    ['objectives: [{name: A, body: A, priority: .inf}]', ['objectives[0].priority'], /line 1/],
    ['identity: {brandColor: blue}', ['identity.brandColor'], /line 1, column 12/],
    ['- a', [''], /must be an object/],
    ['', [''], /is required/],
  ])('of %j is refused with paths and line numbers', async (text, paths, message) => {
    const answer = await importing(text);
    expectRefusal(answer, 400, 'request.invalid', paths);
    expect(answer.body.message).toMatch(message);
  });

  it.each([
    ['a: [', /taken here: [^:]+ at line 1, column \d+$/],
    ['a: [[[[[[ "b" "c"', /here: Missing , or : between flow sequence items at line 1, column 15$/],
    ['"'.repeat(300_000), /at line 1, column 3$/],
    ['a: 1\na: 2', /'a' is repeated at line 2, column 1/],
    ['skills: !!js/function "x"', /line 1, column 9/],
    ['skills: !secret x', /line 1, column 9/],
    ['skills: !!binary aGk=', /line 1, column 9/],
    ['--- {}\n--- {}', /more than one document at line 2/],
    ['? [a]\n: b', /a key must be a text at line 1/],
    ['skills: *nope', /nope/],
    [`a: &a x\nb: [${'*a, '.repeat(101)}]`, /over 100 aliases at line 2/],
    [
      `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`,
      /alias/,
    ],
    [`skills: ${'['.repeat(5_000)}${']'.repeat(5_000)}`, /./],
    [`skills: [${','.repeat(500_000)}]`, /over 200000 tokens/],
  ])('of %j is refused as YAML', async (text, message) => {
    const answer = await importing(text);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
  });

  it('accepts YAML, accepts JSON by its media type, and refuses anything else', async () => {
    expect((await importing('{"products": ["a"]}', { 'Content-Type': 'text/yaml' })).status).toBe(
      200,
    );
    expect(
      (await importing('{"products": ["a"]}', { 'Content-Type': 'application/json' })).status,
    ).toBe(200);
    const json = await importing('products: [a]', { 'Content-Type': 'application/json' });
    expectRefusal(json, 400, 'request.malformed');
    expectRefusal(
      await importing('a', { 'Content-Type': 'text/plain' }),
      415,
      'request.media_type',
    );
    expectRefusal(await importing(`a: ${'x'.repeat(1024 * 1024)}`), 413, 'request.too_large');
  });

  it('requires the editor role', async () => {
    const viewer = await server.as('viewer');
    expect((await viewer.get(`${path}/export`)).status).toBe(200);
    expectRefusal(await viewer.post(`${path}/import`, 'a', YAML), 403, 'auth.role_insufficient');
  });
});

it.each(['yaml', 'json'])(
  'exports a large agent as %s that fits in the body of an import',
  async (format) => {
    const line = 'Greet the visitor by name, and ask what brings them here today.\n';
    const skills = Array.from({ length: 170 }, (_, i) => ({
      id: `skill-${i}`,
      name: `Skill ${i}`,
      body: line.repeat(60).trim(),
    }));
    const json = { 'Content-Type': 'application/json' };
    expect((await importing(JSON.stringify({ skills }), json)).status).toBe(200);
    const { body: text } = await server.owner.get(`${path}/export?format=${format}`);
    const whole = typeof text === 'string' ? text : JSON.stringify(text);
    expect(whole.length).toBeGreaterThan(600_000);
    const other = `/orgs/acme/agents/${await server.owner.createAgent()}`;
    const type = { 'Content-Type': `application/${format}` };
    expect((await server.owner.post(`${other}/import`, whole, type)).status).toBe(200);
    expect((await server.owner.get(`${other}/export?format=${format}`)).body).toEqual(text);
  },
);
