import { expect, it } from 'vitest';
import { placeOf } from '../../console/src/screens/overview/place.ts';

it('finds the place that fixes a finding by its field', () => {
  expect(placeOf('identity.contactEmail')).toEqual({ screen: 'edit', section: 'IDENTITY' });
  expect(placeOf('playbooks[sales].whenToUse')).toEqual({
    screen: 'edit',
    section: 'PLAYBOOKS',
    item: 'sales',
  });
  expect(placeOf('guardrails.topicsToAvoid[2]')).toEqual({ screen: 'edit', section: 'GUARDRAILS' });
  expect(placeOf('personality')).toEqual({ screen: 'edit', section: 'PERSONALITY' });
  expect(placeOf('toolBindings[gmail].oauth')).toEqual({ screen: 'tools' });
  expect(placeOf('channels')).toEqual({ screen: 'channels' });
  expect(placeOf('something else')).toBeUndefined();
});
