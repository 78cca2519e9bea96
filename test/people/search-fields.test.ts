import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SEARCHED, searchFields, sharedWithin } from '../../src/people/collection.ts';

/** Few letters, so that texts often begin alike. */
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 14 });
const person = fc.record({ fullName: text, lastName: text, email: text, company: text });

it('a search meets a person once, by the first text that matches', () => {
  const search = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 14 });
  fc.assert(
    fc.property(person, search, (content, q) => {
      const { fullName, lastName, email, company } = content;
      const texts = [fullName, lastName, email, '', company];
      const first = texts.findIndex((it) => it.startsWith(q));
      const fields = searchFields({ ...content, status: 'new' });
      const { values, exact } = sharedWithin(q.length);
      const met = SEARCHED.filter((field) => {
        const shared = field === 'qName' ? '0' : fields[`${field}Shared`];
        const inRange = field === 'qName' || values.includes(shared ?? '');
        return inRange && fields[field]?.startsWith(q);
      });
      expect(met[0]).toBe(SEARCHED[first]);
      if (exact) expect(met.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 3_000 },
  );
});

it.each([1, 3, 8, 12])('is exact for %i characters, and reads few ranges', (length) => {
  expect(sharedWithin(length).exact).toBe(true);
  expect(sharedWithin(80).values.length).toBeLessThanOrEqual(15);
});
