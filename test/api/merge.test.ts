import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let anna: Client;
let dana: Client;
let id: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
  anna = await server.as('editor');
  dana = await server.as('owner');
});
afterAll(() => server.stop());
beforeEach(async () => {
  id = await anna.createAgent({ name: 'Acme' });
  path = `/orgs/acme/agents/${id}`;
});

const YAML = { 'Content-Type': 'application/yaml' };

/** An import by one of the doors, in the form of a REST answer. */
type Import = (document: object, options?: Options) => Promise<Answer>;
interface Options {
  readonly base?: number;
  readonly onConflict?: 'theirs' | 'yours';
}

const byRest: Import = (document, options = {}) => {
  const query = new URLSearchParams(
    Object.entries(options).map(([name, value]) => [name, String(value)]),
  );
  return anna.post(`${path}/import?${query}`, JSON.stringify(document), YAML);
};

const byGraphql: Import = async (document, { base, onConflict } = {}) => {
  const { data, errors } = await anna.graphql(
    `mutation ($id: ID!, $document: String!, $base: Int, $onConflict: OnConflict) {
      importAgent(org: "acme", agent: $id, document: $document, base: $base, onConflict: $onConflict) {
        applied agent { version }
      }
    }`,
    { id, document: JSON.stringify(document), base, onConflict: onConflict?.toUpperCase() },
  );
  const [error] = errors ?? [];
  return {
    status: error ? error.extensions.statusCode : 200,
    headers: new Headers({ 'x-request-id': 'graphql' }),
    body: error
      ? { message: error.message, requestId: 'graphql', ...error.extensions }
      : { ...data },
  };
};

const saved = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBe(200);
};
const setText = (client: Client, text: string) =>
  saved(client.put(`${path}/personality`, { text }));
const exported = async () => (await anna.get(`${path}/export?format=json`)).body;
const versionNow = async () =>
  Number((await anna.get(path)).headers.get('etag')?.replaceAll('"', ''));

describe.each([
  ['REST', byRest],
  ['GraphQL', byGraphql],
])('an import with a base, by %s', (_, importing) => {
  it('keeps what others have changed since', async () => {
    await setText(anna, 'one\ntwo\nthree');
    const file = await exported();
    const base = await versionNow();
    await setText(dana, 'ONE\ntwo\nthree');
    await saved(dana.patch(`${path}/identity`, { brandColor: '#000000' }));
    const document = { ...file, personality: { text: 'one\ntwo\nTHREE' }, products: ['mine'] };
    const { status, body } = await importing(document, { base });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(await exported()).toMatchObject({
      personality: { text: 'ONE\ntwo\nTHREE' },
      identity: { brandColor: '#000000' },
      products: ['mine'],
    });
  });

  it('that changes nothing makes no version', async () => {
    await setText(anna, 'Warm.');
    const file = await exported();
    const base = await versionNow();
    await setText(dana, 'Brief.');
    expect((await importing(file, { base })).status).toBe(200);
    expect(await versionNow()).toBe(base + 1);
    expect(await exported()).toMatchObject({ personality: { text: 'Brief.' } });
  });

  it('names who changed the same field, when and in which version', async () => {
    await setText(anna, 'a');
    const base = await versionNow();
    await setText(anna, 'x');
    await setText(dana, 'b');
    await saved(anna.patch(`${path}/identity`, { brandColor: '#000000' }));
    const answer = await importing({ personality: { text: 'c' }, products: ['p'] }, { base });
    const history = await anna.get(`${path}/history/${base + 2}`);
    expectRefusal(answer, 409, 'merge.conflict');
    expect(answer.body.conflicts).toEqual([
      {
        section: 'personality',
        path: 'text',
        base: 'a',
        theirs: 'b',
        yours: 'c',
        theirActor: history.body.actor,
        theirVersion: base + 2,
        theirAt: history.body.at,
      },
    ]);
    expect(history.body.actor).toMatchObject({ name: 'owner' });
    expect(await exported()).toMatchObject({ personality: { text: 'b' }, products: [] });
  });

  it.each(['theirs', 'yours'] as const)('resolves all conflicts to %s', async (onConflict) => {
    await setText(anna, 'a');
    const base = await versionNow();
    await setText(dana, 'theirs');
    const document = { personality: { text: 'yours' }, products: ['p'] };
    expect((await importing(document, { base, onConflict })).status).toBe(200);
    expect(await exported()).toMatchObject({ personality: { text: onConflict }, products: ['p'] });
  });

  it('finds the author of a change many versions ago', async () => {
    await setText(anna, 'a');
    const base = await versionNow();
    await setText(dana, 'b');
    for (let i = 0; i < 40; i += 1) {
      await saved(anna.put(`${path}/identity`, { contactAvailability: `Day ${i}` }));
    }
    const { body } = await importing({ personality: { text: 'c' } }, { base });
    expect(body.conflicts).toMatchObject([
      { theirVersion: base + 1, theirActor: { name: 'owner' } },
    ]);
  });

  it('refuses an item that one side removed and the other changed', async () => {
    const objective = { id: 'o', name: 'O', body: 'b' };
    await saved(anna.put(`${path}/objectives`, { objectives: [objective] }));
    const base = await versionNow();
    await saved(dana.patch(`${path}/objectives/o`, { body: 'theirs' }));
    const { body } = await importing({ objectives: [] }, { base });
    const item = { name: 'O', priority: 1, body: 'b' };
    expect(body.conflicts).toMatchObject([
      {
        section: 'objectives',
        itemId: 'o',
        path: '',
        base: item,
        theirs: { ...item, body: 'theirs' },
      },
    ]);
    expect(body.conflicts).not.toHaveProperty('0.yours');
  });

  it('refuses a base that does not exist', async () => {
    expectRefusal(await importing({ products: [] }, { base: 999 }), 404, 'version.not_found');
  });

  it('refuses a base of an earlier agent with the id', async () => {
    const base = await versionNow();
    await saved(anna.delete(path));
    await anna.createAgent({ name: 'Acme', id });
    expectRefusal(await importing({ products: [] }, { base }), 404, 'version.not_found');
  });

  it('refuses a side for conflicts without a base', async () => {
    const answer = await importing({ products: [] }, { onConflict: 'yours' });
    expectRefusal(answer, 400, 'request.invalid', ['onConflict']);
  });

  it('refuses a merged agent that would not be valid', async () => {
    const skill = { id: 's', name: 'S', body: 'b' };
    const playbook = { id: 'p', name: 'P', body: 'b', isDefault: true };
    await saved(importing({ skills: [skill], playbooks: [playbook] }));
    const base = await versionNow();
    await saved(dana.delete(`${path}/skills/s`));
    const answer = await importing({ playbooks: [{ ...playbook, skillRefs: ['s'] }] }, { base });
    expectRefusal(answer, 409, 'merge.invalid', ['playbooks[0].skillRefs[0]']);
  });

  it('refuses problems of the definition with their paths', async () => {
    const answer = await importing({ objectives: [{ name: 'x' }] }, { base: 1 });
    expectRefusal(answer, 400, 'request.invalid', ['objectives[0].body']);
  });

  it('refuses a merged text that is longer than a text may be', async () => {
    await setText(anna, 'a\nb\nc');
    const base = await versionNow();
    await setText(dana, `${'x'.repeat(60_000)}\nb\nc`);
    const document = { personality: { text: `a\nb\n${'y'.repeat(60_000)}` } };
    const answer = await importing(document, { base });
    expectRefusal(answer, 409, 'merge.invalid', ['personality.text']);
  });
});
