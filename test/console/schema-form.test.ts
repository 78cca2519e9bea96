import { expect, it } from 'vitest';
import { changesOf, draftOf, fieldsOf } from '../../console/src/ui/schema-form/fields.ts';
import { loadCatalog } from '../../src/catalog/load.ts';

const SCHEMA = {
  type: 'object',
  required: ['token', 'name'],
  properties: {
    note: { type: 'string', title: 'Note' },
    name: { type: 'string', 'x-seededFrom': 'name' },
    token: { type: 'string', writeOnly: true },
    size: { type: 'integer', minimum: 1, default: 5 },
    tags: { type: 'array', items: { type: 'string' } },
    days: { type: 'array', items: { type: 'string', enum: ['mon', 'tue'] } },
    strict: { type: 'boolean' },
    method: { type: 'string', enum: ['GET', 'POST'] },
  },
};
const fields = fieldsOf(SCHEMA);
const stored = { note: 'old', token: { configured: true, hint: '…9f' }, tags: ['a', 'b'], size: 3 };
const before = draftOf(fields, stored);

it('reads the fields of a schema: required ones first, unless the server fills them', () => {
  expect(fields.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
    ['token', 'text', true],
    ['note', 'text', false],
    ['name', 'text', false],
    ['size', 'number', false],
    ['tags', 'lines', false],
    ['days', 'choices', false],
    ['strict', 'flag', false],
    ['method', 'choice', false],
  ]);
});

it('sends what was changed, and keeps a secret that was not entered', () => {
  expect(before).toMatchObject({ token: '', tags: 'a\nb', size: '3', strict: false });
  expect(changesOf(fields, before, before)).toEqual({});
  const after = { ...before, note: ' ', size: '8', tags: 'a\n\n c ', days: ['mon'], strict: true };
  expect(changesOf(fields, before, after)).toEqual({
    note: null,
    size: 8,
    tags: ['a', 'c'],
    days: ['mon'],
    strict: true,
  });
  expect(changesOf(fields, before, { ...before, token: 'new' })).toEqual({ token: 'new' });
  expect(changesOf(fields, before, { ...before, token: null })).toEqual({ token: null });
});

it('knows the type of every property of the schemas of the catalog', () => {
  const catalog = loadCatalog();
  const schemas = [
    ...catalog.tools.list().flatMap(({ configSchema }) => configSchema ?? []),
    ...catalog.channels
      .list()
      .flatMap(({ managed, unmanaged }) => [
        managed.inputsSchema,
        ...(unmanaged?.providers ?? []).map(({ authSchema }) => authSchema),
      ]),
  ] as readonly Schema[];
  for (const schema of schemas) {
    expect(Object.keys(schema)).not.toContain('oneOf');
    for (const [name, property] of Object.entries(schema.properties)) {
      const type = property.type === 'array' ? `${property.items?.type}[]` : property.type;
      expect(['boolean', 'integer', 'number', 'string', 'string[]'], name).toContain(type);
    }
  }
});
interface Schema {
  readonly properties: Readonly<
    Record<string, { readonly type: string; readonly items?: { readonly type: string } }>
  >;
}
