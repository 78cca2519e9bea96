import { expect, it } from 'vitest';
import type { Definition } from '../../console/src/screens/edit/definition.ts';
import { placeOfOrigin } from '../../console/src/screens/edit/place.ts';
import {
  itemsWithProblems,
  type Problem,
  placed,
  problemsOfForm,
  problemText,
} from '../../console/src/screens/edit/problems.ts';

const draft: Definition = {
  agent: { id: 'a', name: '' },
  guardrails: { topicsToAvoid: ['x', ''] },
  playbooks: [
    { id: 'sales', name: 'Sales', body: 'b' },
    { id: 'support', name: '', body: 'b' },
  ],
  toolBindings: [{ toolId: 'gmail', enabled: true }],
  products: ['one', ''],
};

const placesOf = (...problems: readonly (string | Problem)[]) =>
  placed(
    draft,
    problems.map((it) => (typeof it === 'string' ? { path: it, message: 'is wrong' } : it)),
  ).map(({ place }) => place);

it('finds the place of a problem by its path', () => {
  expect(
    placesOf(
      'agent.name',
      'guardrails.topicsToAvoid[1]',
      'playbooks[1].examples[0].role',
      'toolBindings[0].toolId',
      'products[1]',
      'playbooks',
    ),
  ).toEqual([
    { section: 'AGENT', field: 'name' },
    { section: 'GUARDRAILS', field: 'topicsToAvoid[1]' },
    { section: 'PLAYBOOKS', item: 'support', field: 'examples[0].role' },
    { section: 'TOOL_BINDINGS', item: 'gmail', field: 'toolId' },
    { section: 'PRODUCTS', field: 'products[1]' },
    { section: 'PLAYBOOKS' },
  ]);
});

it('keeps the path of a problem without a place', () => {
  expect(placed(draft, [{ path: 'channels[0]', message: 'is wrong' }])).toEqual([
    { place: undefined, message: 'channels[0]: is wrong' },
  ]);
  expect(placed(draft, [{ path: '', message: 'the agent is too large' }])).toEqual([
    { place: undefined, message: 'the agent is too large' },
  ]);
});

it('names no item for a problem of the merged agent, whose items have other numbers', () => {
  const code = 'merge.invalid';
  expect(
    placesOf(
      { code, path: 'playbooks[1].name', message: 'is wrong' },
      { code, path: 'identity.contactEmail', message: 'is wrong' },
    ),
  ).toEqual([{ section: 'PLAYBOOKS' }, { section: 'IDENTITY', field: 'contactEmail' }]);
});

it('gives each field of a form its problems, and the form the rest', () => {
  const problems = placed(draft, [
    { path: 'playbooks[1].name', message: 'must not be blank' },
    { path: 'playbooks[1].examples[0].role', message: 'is unknown' },
    { path: 'playbooks[1].derivedFrom.version', message: 'is missing' },
    { path: 'playbooks', message: 'has no default' },
    { path: 'playbooks[0].name', message: 'is too long' },
  ]);
  const form = problemsOfForm(problems, { section: 'PLAYBOOKS', item: 'support' }, [
    'name',
    'examples',
  ]);
  expect(Object.fromEntries(form)).toEqual({
    name: [{ part: '', message: 'must not be blank' }],
    examples: [{ part: '[0].role', message: 'is unknown' }],
    '': [
      { part: '', message: 'derivedFrom.version: is missing' },
      { part: '', message: 'has no default' },
    ],
  });
  expect(problemText(form.get('examples') ?? [])).toBe('[0].role: is unknown');
  expect(problemText([])).toBeUndefined();
  expect(itemsWithProblems(problems, 'PLAYBOOKS')).toEqual([
    'support',
    'support',
    'support',
    'sales',
  ]);
});

it('finds the field of a stretch of the prompt, unless it is not edited here', () => {
  const isOwn = (_: string, id: string) => id === 'own';
  const origin = { section: 'SKILLS', itemId: 'own', field: 'body' };
  expect(placeOfOrigin(origin, isOwn)).toEqual({ section: 'SKILLS', item: 'own', field: 'body' });
  expect(placeOfOrigin({ ...origin, itemId: 'system' }, isOwn)).toBeUndefined();
  expect(
    placeOfOrigin({ section: 'GUARDRAILS', itemId: null, field: 'topicsToAvoid[2]' }, isOwn),
  ).toEqual({ section: 'GUARDRAILS', field: 'topicsToAvoid[2]' });
  expect(
    placeOfOrigin({ section: 'CHANNELS', itemId: null, field: 'channel' }, isOwn),
  ).toBeUndefined();
});
