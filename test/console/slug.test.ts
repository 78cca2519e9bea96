import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSlug, slugOf } from '../../console/src/screens/agents/slug.ts';
import { isSlug as isSlugOfServer } from '../../src/domain/ids.ts';

it.each([
  ['Riverside Clinic', 'riverside-clinic'],
  ['  Café Zürich (24/7)!', 'cafe-zurich-24-7'],
  ['日本', ''],
  ['x'.repeat(100), 'x'.repeat(80)],
  [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
])('proposes an id for the name %s', (name, id) => {
  expect(slugOf(name)).toBe(id);
});

it('proposes an id that the server accepts, for any name that gives one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
      const id = slugOf(name);
      expect(id === '' || isSlugOfServer(id)).toBe(true);
    }),
  );
});

it('accepts the ids that the server accepts', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z0-9-]{0,82}$/), (id) => {
      expect(isSlug(id)).toBe(isSlugOfServer(id));
    }),
  );
});
