import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Attacked, expectFree, startAttacked } from '../../kit/attacked.ts';
import type { Client } from '../../kit/client.ts';

let attacked: Attacked;
let viewer: Client;
let person: string;
const AGENT = '/orgs/acme/agents/big';

const each = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join(' ');
const ofAgent = (selection: string) => `{ org(id: "acme") { agent(id: "big") { ${selection} } } }`;

beforeAll(async () => {
  attacked = await startAttacked();
  const { owner } = attacked;
  await owner.createAgent({ id: 'big', name: 'Big' });
  const skill = (i: number) => ({ id: `s${i}`, name: `S ${i}`, body: 'B' });
  const playbook = (i: number) => ({
    id: `p${i}`,
    name: `P ${i}`,
    body: 'B',
    isDefault: i === 0,
    skillRefs: Array.from({ length: 40 }, (_, k) => `s${k}`),
  });
  const list = <T>(n: number, of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));
  const written = await owner.post(`${AGENT}/import`, {
    skills: list(200, skill),
    playbooks: list(200, playbook),
    messageTemplates: [{ id: 'm', name: 'M', body: 'Hi {person.firstName}. '.repeat(4_000) }],
    outreach: { greetingTemplateId: 'm' },
  });
  expect(written.status, JSON.stringify(written.body).slice(0, 500)).toBe(200);
  person = String((await owner.post(`${AGENT}/people`, { fullName: 'Ada' })).body.id);
  viewer = (await attacked.key()).client;
  await viewer.query('{ viewer { id } }');
});
afterAll(() => attacked.stop('SIGKILL'));
beforeEach(async () => {
  await attacked.report();
});

interface Attack {
  readonly query: string;
  readonly variables?: object;
}

const PEOPLE = `query ($q: String) { org(id: "acme") { agent(id: "big") { ${each(60, (i) => `a${i}: people(q: $q) { nodes { id } }`)} } } }`;

describe('a viewer does not block the event loop', () => {
  it.each<[string, () => Attack]>([
    [
      'with a search for ligatures, 60 times',
      () => ({ query: PEOPLE, variables: { q: '\uFDFA'.repeat(330_000) } }),
    ],
    [
      'with a search for combining marks, 60 times',
      () => ({ query: PEOPLE, variables: { q: `a${'\u0301\u0316'.repeat(100_000)}` } }),
    ],
    [
      'with a long page token, 60 times',
      () => ({
        query: `query ($t: String) { org(id: "acme") { ${each(60, (i) => `a${i}: agents(after: $t) { nodes { id } }`)} } }`,
        variables: { t: 'A'.repeat(1_000_000) },
      }),
    ],
    [
      'with many empty objects as a variable',
      () => ({ query: '{ viewer { id } }', variables: { x: Array(340_000).fill({}) } }),
    ],
    [
      'with an object of many fields as a variable',
      () => ({
        query: '{ viewer { id } }',
        variables: {
          x: Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`k${i}`, 1])),
        },
      }),
    ],
    [
      'with previews of a long template',
      () => ({
        query: ofAgent(
          `messageTemplate(id: "m") { ${each(50, (i) => `a${i}: preview(personId: "${person}") { blocked }`)} }`,
        ),
      }),
    ],
    ['with exports of a large agent', () => ({ query: ofAgent(each(11, (i) => `a${i}: export`)) })],
    [
      'with readiness, many times',
      () => ({ query: ofAgent(each(70, (i) => `a${i}: readiness { code }`)) }),
    ],
    [
      'with lists that are longer than usual ones',
      () => ({ query: ofAgent(each(400, (i) => `a${i}: skills { id name body enabled }`)) }),
    ],
    [
      'with lists in lists that are longer than usual ones',
      () => ({ query: ofAgent(each(8, (i) => `a${i}: playbooks { id skills { id name } }`)) }),
    ],
    [
      'with fragments in a cycle',
      () => ({
        query: `{ ...F0 } ${each(120, (i) => `fragment F${i} on Query { ${each(12, (k) => `...F${(i * 7 + k * 11 + 1) % 120}`)} }`)}`,
      }),
    ],
    [
      'with a field that is asked for again and again',
      () => ({ query: `{ viewer { ${each(3_900, () => 'id')} } }` }),
    ],
    [
      'with fragments that overlap',
      () => ({
        query: `{ ${each(60, (i) => `...F${i}`)} } ${each(60, (i) => `fragment F${i} on Query { ${each(14, () => 'viewer { id }')} }`)}`,
      }),
    ],
  ])('%s', async (_, attack) => {
    const { query, variables } = attack();
    const { errors = [] } = await viewer.graphql(query, variables ?? {});
    const codes = errors.map(({ extensions }) => extensions.code);
    expect(codes.filter((code) => code === 'internal')).toEqual([]);
    await expectFree(attacked);
  });
});

describe('an editor does not block the event loop', () => {
  it.each([
    ['sequences without end', '? '.repeat(60_000)],
    ['brackets without end', '['.repeat(60_000)],
    ['many short lines', 'a: |\n'.concat('  x\n'.repeat(250_000))],
    ['comments', `a:\n${' #\n'.repeat(66_000)} b`],
    ['a text that aliases repeat', `a: &a ${'x'.repeat(900_000)}\nb: [${'*a,'.repeat(99)}*a]`],
  ])('with a YAML body of %s', async (_, text) => {
    const answers = await Promise.all(
      Array.from({ length: 3 }, () =>
        attacked.owner.post(`${AGENT}/import`, text, { 'Content-Type': 'application/yaml' }),
      ),
    );
    for (const { status } of answers) expect(status).toBe(400);
    await expectFree(attacked);
  });

  it.each([
    ['a name of combining marks', { name: `a${'\u0301\u0316'.repeat(100_000)}` }],
    [
      'a host of combining marks',
      { identity: { websiteUrl: `http://a${'\u0301\u0316'.repeat(100_000)}.com` } },
    ],
    ['a long time zone', { name: 'aB'.repeat(400_000) }],
  ])('with %s', async (_, input) => {
    await attacked.owner.post('/orgs/acme/agents', { name: 'A', ...input });
    await expectFree(attacked);
  });
});

describe('anybody without a token', () => {
  it('does not make the server work on the schema', async () => {
    const query = `{ ${each(200, (i) => `a${i}: __schema { types { fields { description } } }`)} }`;
    const { errors } = await attacked.anonymous.graphql(query);
    expect(errors?.[0]?.extensions.code).toBe('request.too_complex');
    await expectFree(attacked);
  });

  it('does not send a long body', async () => {
    const query = `{ viewer { id } } #${'x'.repeat(20_000)}`;
    const answer = await attacked.anonymous.request('POST', '/graphql', { query });
    expect(answer.status).toBe(413);
  });
});

it('none of it is logged as a bug', () => {
  expect(attacked.output().match(/"level":"error".*/g) ?? []).toEqual([]);
});
