import { expect, it } from 'vitest';
import { changesOf, draftOf, NEW_PERSON } from '../../console/src/screens/people/record.ts';

const before = draftOf({
  ...NEW_PERSON,
  firstName: 'Ann',
  phone: '+14155550100',
  customFields: { plan: 'Team', seats: '4' },
});

it('sends the fields that were changed, and clears those that were emptied', () => {
  const after = {
    ...before,
    firstName: ' Anna ',
    phone: '',
    status: 'LOST' as const,
    customFields: { ...before.customFields, plan: '', note: 'x', later: '' },
  };
  expect(changesOf(before, after)).toEqual({
    firstName: 'Anna',
    phone: null,
    status: 'LOST',
    customFields: { plan: null, note: 'x' },
  });
});

it('sends nothing if nothing was changed', () => {
  expect(changesOf(before, { ...before })).toEqual({});
});
