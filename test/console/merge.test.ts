import { describe, expect, it } from 'vitest';
import {
  changedSections,
  type Definition,
  isSameDefinition,
  newId,
  withItemField,
  withMoved,
  withoutItem,
} from '../../console/src/screens/edit/definition.ts';
import {
  isDecided,
  type Place,
  placeKey,
  resolved,
  steps,
} from '../../console/src/screens/edit/merge.ts';

const base: Definition = {
  personality: { text: 'Warm.' },
  skills: [
    { id: 'a', name: 'A', body: 'a', enabled: true },
    { id: 'b', name: 'B', body: 'b', enabled: true },
    { id: 'c', name: 'C', body: 'c', enabled: true, config: { hours: { 'Mon–Fri': '9' }, x: 1 } },
  ],
  playbooks: [
    { id: 'p', name: 'P', body: 'p', isDefault: true, skillRefs: ['a', 'b'] },
    { id: 'q', name: 'Q', body: 'q', isDefault: false },
  ],
  messageTemplates: [{ id: 'hello', name: 'Hello', body: 'Hi' }],
  outreach: { greetingTemplateId: 'hello' },
  products: ['one'],
};

const place = (section: Place['section'], path: string, itemId: string | null = null): Place => ({
  section,
  itemId,
  path,
});
const theirs = (...places: readonly Place[]) =>
  Object.fromEntries(places.map((it) => [placeKey(it), 'theirs' as const]));

describe('what is left when sides are chosen', () => {
  it('has their value of a field, and your value of every other', () => {
    const text = place('PERSONALITY', 'text');
    const name = place('SKILLS', 'name', 'b');
    const yours = withItemField(
      { ...base, personality: { text: 'Yours.' } },
      'SKILLS',
      'b',
      'name',
      'My B',
    );
    const other = withItemField(
      { ...base, personality: { text: 'Theirs.', description: 'not in conflict' } },
      'SKILLS',
      'b',
      'name',
      'Their B',
    );
    const choices = { ...theirs(text), [placeKey(name)]: 'yours' as const };
    expect(resolved(yours, other, [text, name], choices)).toEqual({
      ...yours,
      personality: { text: 'Theirs.' },
    });
  });

  it('has no field that they removed', () => {
    const field = place('OUTREACH', 'greetingTemplateId');
    const other = { ...base, outreach: {} };
    expect(resolved(base, other, [field], theirs(field)).outreach).toEqual({});
  });

  it('reaches into free-form fields by their path', () => {
    const field = place('SKILLS', 'config.hours["Mon–Fri"]', 'c');
    const other = withItemField(base, 'SKILLS', 'c', 'config', { hours: { 'Mon–Fri': '10' } });
    const of = (definition: Definition) => resolved(base, definition, [field], theirs(field));
    expect(of(other).skills).toContainEqual(
      expect.objectContaining({ id: 'c', config: { hours: { 'Mon–Fri': '10' }, x: 1 } }),
    );
    const without = withItemField(base, 'SKILLS', 'c', 'config', {});
    expect(of(without).skills).toContainEqual(
      expect.objectContaining({ id: 'c', config: { hours: {}, x: 1 } }),
    );
  });

  it('has the item that they kept, at its place, or not the one that they removed', () => {
    const item = place('SKILLS', '', 'b');
    const removed = withoutItem(base, 'SKILLS', 'b');
    expect(resolved(removed, base, [item], theirs(item)).skills).toEqual(base.skills);
    expect(resolved(base, removed, [item], theirs(item)).skills).toEqual(removed.skills);
  });

  it('has an item at their place, with your fields', () => {
    const item = place('SKILLS', '', 'c');
    const yours = withItemField(base, 'SKILLS', 'c', 'name', 'Mine');
    const moved = withMoved(withMoved(base, 'SKILLS', 'c', -1), 'SKILLS', 'c', -1);
    const { skills } = resolved(yours, moved, [item], theirs(item));
    expect(skills).toEqual([
      expect.objectContaining({ id: 'c', name: 'Mine' }),
      expect.objectContaining({ id: 'a' }),
      expect.objectContaining({ id: 'b' }),
    ]);
  });

  it('has their whole list of texts', () => {
    const list = place('PRODUCTS', '');
    const other = { ...base, products: ['two'] };
    expect(resolved(base, other, [list], theirs(list)).products).toEqual(['two']);
  });
});

it('is decided when every conflict has a side', () => {
  const places = [place('PERSONALITY', 'text'), place('SKILLS', 'name', 'a')];
  expect(isDecided(places, theirs(...places.slice(0, 1)))).toBe(false);
  expect(isDecided(places, theirs(...places))).toBe(true);
});

it('reads the steps of a path', () => {
  expect(steps('derivedFrom.version')).toEqual(['derivedFrom', 'version']);
  expect(steps('config.hours["a.b[\\"c\\"]"].from')).toEqual([
    'config',
    'hours',
    'a.b["c"]',
    'from',
  ]);
});

it('removes an item and what refers to it', () => {
  const { playbooks } = withoutItem(base, 'SKILLS', 'a');
  expect(playbooks).toContainEqual(expect.objectContaining({ id: 'p', skillRefs: ['b'] }));
  expect(withoutItem(base, 'MESSAGE_TEMPLATES', 'hello').outreach).toEqual({});
});

it('has one default playbook', () => {
  expect(withoutItem(base, 'PLAYBOOKS', 'p').playbooks).toEqual([
    expect.objectContaining({ id: 'q', isDefault: true }),
  ]);
  const { playbooks } = withItemField(base, 'PLAYBOOKS', 'q', 'isDefault', true);
  expect(playbooks).toEqual([
    expect.objectContaining({ id: 'p', isDefault: false }),
    expect.objectContaining({ id: 'q', isDefault: true }),
  ]);
});

it('finds the sections that differ, whatever the order of their fields', () => {
  const { personality, ...others } = base;
  expect(isSameDefinition(base, { ...others, personality })).toBe(true);
  expect(isSameDefinition({ identity: {}, skills: [] }, { identity: null })).toBe(true);
  expect(changedSections(base, { ...base, products: [] })).toEqual(['PRODUCTS']);
});

it('makes an id that no item has', () => {
  expect(newId('Call booking!', [])).toBe('call-booking');
  expect(newId('Call booking', ['call-booking', 'call-booking-2'])).toBe('call-booking-3');
  expect(newId('预约', [])).toBe('item');
});
