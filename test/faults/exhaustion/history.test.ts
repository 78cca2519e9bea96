import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Attacked, expectFree, startAttacked } from '../../kit/attacked.ts';

/*
 * Work that compares versions of an agent, where it is hardest: the agent is large, and its texts have
 * thousands of lines of few kinds, so that two of them can be matched in many ways.
 */

const AGENT = '/orgs/acme/agents/big';
const SKILLS = 120;
const LINES = 2_000;

let seed = 1;
function line(): string {
  seed = (seed * 48_271) % 2_147_483_647;
  return 'abc'.charAt(seed % 3);
}
const definition = () => ({
  skills: Array.from({ length: SKILLS }, (_, i) => ({
    id: `s${i}`,
    name: `S ${i}`,
    body: Array.from({ length: LINES }, line).join('\n'),
  })),
});
const document = JSON.stringify(definition());

let attacked: Attacked;
beforeAll(async () => {
  attacked = await startAttacked();
  const { owner } = attacked;
  await owner.createAgent({ id: 'big', name: 'Big' });
  for (const version of [definition(), definition()]) {
    const { status, body } = await owner.post(`${AGENT}/import`, version);
    expect(status, JSON.stringify(body)).toBe(200);
  }
});
afterAll(() => attacked.stop('SIGKILL'));
beforeEach(async () => {
  await attacked.report();
});

const ofVersion = (selection: string) => `atVersion(version: 3) { ${selection} }`;
const ofPlan = (selection: string) =>
  `planImport(document: $document, base: 2, onConflict: YOURS) { ${selection} }`;

it.each([
  ['the differences of two versions', ofVersion('changes(against: 2) { path before after }')],
  [
    'the differences of two prompts',
    ofVersion('promptChanges(against: 2) { addedTokens hunks { beforeStart afterStart } }'),
  ],
  ['the plan of a merge', ofPlan('changes { path before after } conflicts { path }')],
  ['the definition after a merge', ofPlan('definition')],
  ['the prompt after a merge', ofPlan('prompt { text estimatedTokens }')],
])('%s do not block the event loop', async (_, selection) => {
  const used = selection.includes('$document') ? '($document: String!)' : '';
  const query = `query ${used} { org(id: "acme") { agent(id: "big") { ${selection} } } }`;
  await attacked.owner.query(query, used ? { document } : {});
  await expectFree(attacked);
});

it('a merge does not block the event loop', async () => {
  const refused = await attacked.owner.post(`${AGENT}/import?base=2`, document);
  expect(refused.body).toMatchObject({ code: 'merge.conflict' });
  const merged = await attacked.owner.post(`${AGENT}/import?base=2&onConflict=yours`, document);
  expect(merged.status, JSON.stringify(merged.body)).toBe(200);
  await expectFree(attacked);
});
