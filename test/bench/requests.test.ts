import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isObjectType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { allFieldsOfAgent, VIEWS } from '../../bench/all-fields.ts';
import { mixOf, SHARES } from '../../bench/mix.ts';
import { ROW_IDS, rowsFor } from '../../bench/rows.ts';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const agentFields = () => {
  const type = schema.getType('Agent');
  if (!isObjectType(type)) throw new TypeError('no Agent');
  return Object.values(type.getFields());
};

describe('the document of all fields', () => {
  const selection = allFieldsOfAgent(schema);

  it('is valid', () => {
    const document = parse(`{ org(id: "a") { agent(id: "b") ${selection} } }`);
    expect(validate(schema, document)).toEqual([]);
  });

  it.each(agentFields().map((field) => [field.name, field] as const))(
    'asks for %s unless it has arguments or is a view',
    (name, { args, type }) => {
      const asked = new RegExp(`[{ }]${name} ${isObjectType(getNamedType(type)) ? '{' : ''}`);
      const wanted = args.length === 0 && !VIEWS.includes(name);
      // Fields of the first level: what is below has no braces of its own left.
      let level = selection.slice(1, -1);
      while (/\{[^{}]*\}/.test(level)) level = level.replaceAll(/\{[^{}]*\}/g, '');
      expect(level.split(/\s+/).includes(name)).toBe(wanted);
      if (wanted) expect(selection).toMatch(asked);
    },
  );

  it('leaves out views that exist', () => {
    expect(VIEWS.filter((view) => !agentFields().some(({ name }) => name === view))).toEqual([]);
  });

  it('asks for each list of the agent once', () => {
    expect(selection.match(/skills \{/g)).toHaveLength(1);
    expect(selection.match(/derivedFrom \{/g)?.length).toBeGreaterThan(1);
  });
});

describe('the rows', () => {
  const rows = rowsFor({ token: 'token', etag: '"2"' });

  it.each(ROW_IDS.filter((id) => rows[id].request('a', 1).path === '/graphql'))(
    '%s sends a valid document',
    (id) => {
      const { query } = JSON.parse(rows[id].request('a', 1).body ?? '');
      expect(validate(schema, parse(query))).toEqual([]);
    },
  );

  it('write something else each time', () => {
    const bodies = Array.from({ length: 1_000 }, (_, n) => rows.write.request('a', n).body);
    expect(new Set(bodies).size).toBe(1_000);
  });
});

describe('the mix', () => {
  const rows = rowsFor({ token: 'token', etag: '"2"' });
  const mix = mixOf(rows);

  it('has every row in its share of 100', () => {
    expect(Object.values(SHARES).reduce((sum, share) => sum + share)).toBe(100);
    const writes = mix.filter(({ method }) => method === 'PATCH');
    expect(writes.length / mix.length).toBe(SHARES.write / 100);
    expect(mix.filter(({ status }) => status === 304).length / mix.length).toBe(
      SHARES['not-modified'] / 100,
    );
  });

  it('changes something with every write, also when it is sent again', () => {
    const last = new Map<string, string | undefined>();
    for (const { method, path, body } of [...mix, ...mix]) {
      if (method !== 'PATCH') continue;
      expect(last.get(path)).not.toBe(body);
      last.set(path, body);
    }
  });
});
