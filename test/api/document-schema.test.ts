import { readdirSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentIn } from '../../schema/definitions.ts';
import { buildSchema } from '../../schema/index.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import { problemsOfDocument } from '../../src/cli/document-problems.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { agents } from '../kit/sections.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** `/v1/schemas/agent.json`, the JSON Schema of an agent as a document. */

const AGENTS = '/orgs/acme/agents';

interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

let server: TestServer;
let schema: Schema;
let validate: ValidateFunction;

beforeAll(async () => {
  server = await startTestServer({ DEMO_DATA: '1' });
  const { status, body } = await server.anonymous.get('/schemas/agent.json');
  expect(status).toBe(200);
  schema = body as Schema;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  ajvFormats.default(ajv);
  validate = ajv.compile(schema as object);
});
afterAll(() => server.stop());

/** The places that the schema refuses, as the server names them: `objectives[0].name`. */
function placesIn(document: unknown): readonly string[] {
  validate(document);
  const places = (validate.errors ?? [])
    // A part that can be null is null or the part, and only the part has places.
    .filter(({ keyword, params }) => keyword !== 'anyOf' && params.type !== 'null')
    .map(({ instancePath, params }) => {
      const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
      const steps = instancePath.split('/').slice(1);
      return [...steps, missingProperty ?? additionalProperty ?? []]
        .flat()
        .map((step, i) => (/^\d+$/.test(step) ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`))
        .join('');
    });
  return [...new Set(places)].sort();
}

describe('the schema', () => {
  it('is public, and has an ETag', async () => {
    const { headers } = await server.anonymous.get('/schemas/agent.json');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    const etag = headers.get('etag') ?? '';
    const again = await server.anonymous.get('/schemas/agent.json', { 'If-None-Match': etag });
    expect(again.status).toBe(304);
  });

  it('has every section, and requires the agent alone', () => {
    expect(Object.keys(schema.properties ?? {})).toEqual(['agent', ...SECTION_NAMES]);
    expect(schema.required).toEqual(['agent']);
  });

  it('describes every field and titles every object, for the hover of an editor', () => {
    const types = Object.values(schema.$defs ?? {});
    for (const it of [schema, ...types]) expect(it.title).toMatch(/^[A-Z][a-z ]+$/);
    for (const { properties = {} } of [schema, ...types]) {
      for (const [name, { description }] of Object.entries(properties)) {
        expect(description, name).toMatch(/\w/);
      }
    }
    expect(schema.$defs?.DocumentAgentInput?.title).toBe('Document agent');
  });

  it('refers to its own parts only, so that an editor needs no other file', () => {
    const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
    expect(refs.length).toBeGreaterThan(10);
    for (const to of refs) {
      expect(schema.$defs).toHaveProperty([to?.replace('#/$defs/', '') ?? '']);
    }
  });
});

describe('a document that the server exports is valid', () => {
  const documentOf = async (id: string) => {
    const { body } = await server.owner.get(`${AGENTS}/${id}/export?format=json`);
    return { agent: { id, name: 'N', description: 'D' }, ...body };
  };

  it('for the demo agent', async () => {
    expect(placesIn(await documentOf('acme-demo'))).toEqual([]);
  });

  const templates = loadCatalog().agentTemplates.list();
  it.each(templates.map(({ id }) => id))(
    'for an agent with the template %s',
    async (templateId) => {
      expect(templates.length).toBe(readdirSync('src/catalog/content/agent-templates').length);
      const id = await server.owner.createAgent();
      await server.owner.post(`${AGENTS}/${id}/apply-template`, { templateId });
      expect(placesIn(await documentOf(id))).toEqual([]);
    },
  );
});

const A = { id: 'schema-test', name: 'A' };
const WRONG: readonly [string, unknown, readonly string[]][] = [
  ['a list', [], ['']],
  ['a text', 'agent', ['']],
  ['nothing', {}, ['agent']],
  ['no agent', { agent: null }, ['agent']],
  ['an agent without an id', { agent: { name: 'A' } }, ['agent.id']],
  ['an id that is no slug', { agent: { id: 'A b', name: 'A' } }, ['agent.id']],
  ['an id that is too long', { agent: { id: 'a'.repeat(81), name: 'A' } }, ['agent.id']],
  ['a blank name', { agent: { id: 'a', name: ' ' } }, ['agent.name']],
  ['a name that is too long', { agent: { id: 'a', name: 'x'.repeat(201) } }, ['agent.name']],
  ['an unknown field of the agent', { agent: { ...A, version: 1 } }, ['agent.version']],
  ['an unknown section', { agent: A, soup: {} }, ['soup']],
  ['a section of the wrong type', { agent: A, personality: 'Warm.' }, ['personality']],
  ['a list that is an object', { agent: A, skills: {} }, ['skills']],
  ['an item without a name', { agent: A, skills: [{ body: 'b' }] }, ['skills[0].name']],
  [
    'an item with null for a name',
    { agent: A, skills: [{ name: null, body: 'b' }] },
    ['skills[0].name'],
  ],
  [
    'a flag that is a text',
    { agent: A, skills: [{ name: 'S', body: 'b', enabled: 'yes' }] },
    ['skills[0].enabled'],
  ],
  [
    'an unknown field of an item',
    { agent: A, playbooks: [{ name: 'P', body: 'b', steps: [] }] },
    ['playbooks[0].steps'],
  ],
  [
    'a word that no enum has',
    {
      agent: A,
      messageTemplates: [{ name: 'M', body: 'b', defaultOnMissingSlot: 'OMIT_SENTENCE' }],
    },
    ['messageTemplates[0].defaultOnMissingSlot'],
  ],
  [
    'a colour that is none',
    { agent: A, identity: { brandColor: 'blue' } },
    ['identity.brandColor'],
  ],
  [
    'an address that is none',
    { agent: A, identity: { contactEmail: 'me' } },
    ['identity.contactEmail'],
  ],
  [
    'a priority that is a text',
    { agent: A, objectives: [{ name: 'O', body: 'b', priority: '1' }] },
    ['objectives[0].priority'],
  ],
  [
    'too many items',
    { agent: A, products: Array.from({ length: 201 }, (_, i) => `p${i}`) },
    ['products'],
  ],
  ['a text that is a number', { agent: A, products: [7] }, ['products[0]']],
  [
    'a tool without an id',
    { agent: A, toolBindings: [{ config: {} }] },
    ['toolBindings[0].toolId'],
  ],
  [
    'a config that is a list',
    { agent: A, toolBindings: [{ toolId: 't', config: [] }] },
    ['toolBindings[0].config'],
  ],
];

describe('a document is refused by the schema and by the server, at the same places', () => {
  it.each(WRONG)('with %s', async (_, document, places) => {
    expect(placesIn(document)).toEqual(places);
    const { status, body } = await server.owner.post(`${AGENTS}/import`, JSON.stringify(document), {
      'Content-Type': 'application/yaml',
    });
    expect(status, JSON.stringify(body)).toBe(400);
    const details = (body.details ?? []) as readonly { path: string }[];
    expect(details.map(({ path }) => path).sort()).toEqual(places);
    expect((await server.owner.get(`${AGENTS}/${A.id}`)).status).toBe(404);
  });
});

describe('the schema and the server agree on the shape', () => {
  const types = buildSchema();
  const isAccepted = (document: unknown) => {
    try {
      documentIn(types, document);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'request.invalid') return false;
      throw error;
    }
  };
  /** Their forms are more than a JSON Schema can say. */
  const isFormed = (key: string) => /url|email|phone|color|avatar|website/i.test(key);

  /** Every place of a document, itself excluded. */
  const placesOf = (
    value: unknown,
    path: readonly (string | number)[] = [],
  ): (string | number)[][] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, it]) => {
      const step = Array.isArray(value) ? Number(key) : key;
      return [[...path, step], ...placesOf(it, [...path, step])];
    });
  };
  const changed = (
    value: unknown,
    [step, ...rest]: readonly (string | number)[],
    to: unknown,
  ): unknown => {
    if (step === undefined) return to;
    if (Array.isArray(value))
      return value.map((it, i) => (i === step ? changed(it, rest, to) : it));
    const record = value as Readonly<Record<string, unknown>>;
    return { ...record, [step]: changed(record[step], rest, to) };
  };

  it('of any agent, and of one with any wrong value at any place', () => {
    const counts = { accepted: 0, refused: 0 };
    const values = fc.constantFrom(null, 7, 1.5, true, '', ' ', 'text', [], {}, ['x'], [7], {
      x: 1,
    });
    fc.assert(
      fc.property(agents(), values, fc.nat(), (agent, value, at) => {
        const document = { agent: A, ...exportDefinition(agent) };
        const places = placesOf(document).filter(
          (path) => !path.some((it) => isFormed(String(it))),
        );
        const place = places[at % places.length] ?? [];
        const wrong = changed(document, place, value) as typeof document;
        for (const one of [document, wrong]) {
          const accepted = isAccepted(one);
          counts[accepted ? 'accepted' : 'refused'] += 1;
          const isValid = validate(one);
          // A rule of the domain that a schema can say, such as a range: the import is refused for it.
          const isRule = accepted && !isValid && problemsOfDocument(one).length > 0;
          expect(isValid || isRule, JSON.stringify([place, value, validate.errors])).toBe(accepted);
        }
      }),
      { numRuns: 150 },
    );
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(30);
  });
});
