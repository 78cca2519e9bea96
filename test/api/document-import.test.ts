import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { type Answer, type Client, expectRefusal } from '../kit/client.ts';
import { agents } from '../kit/sections.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** `POST /orgs/{org}/agents/import` and `importAgentDocument`: the document names the agent. */

const AGENTS = '/orgs/acme/agents';

let server: TestServer;
let anna: Client;
let dana: Client;
let id: string;
let path: string;
let made = 0;

beforeAll(async () => {
  server = await startTestServer();
  anna = await server.as('editor');
  dana = await server.as('owner');
});
afterAll(() => server.stop());
beforeEach(() => {
  made += 1;
  id = `agent-${made}`;
  path = `${AGENTS}/${id}`;
});

interface Options {
  readonly base?: number;
  readonly onConflict?: 'theirs' | 'yours';
  readonly plan?: string;
  readonly expectedVersion?: number;
}

interface Door {
  readonly import: (document: object, options?: Options, client?: Client) => Promise<Answer>;
  readonly plan: (document: object, options?: Options, client?: Client) => Promise<Answer>;
}

function byRest(mode: Record<string, string>): Door['import'] {
  return (document, { expectedVersion, ...options } = {}, client = anna) => {
    const query = Object.entries(options).map(([name, value]) => [name, String(value)]);
    const search = new URLSearchParams({ ...Object.fromEntries(query), ...mode });
    return client.post(`${AGENTS}/import?${search}`, JSON.stringify(document), {
      'Content-Type': 'application/yaml',
      ...(expectedVersion && { 'If-Match': `"${expectedVersion}"` }),
    });
  };
}

function byGraphql(before: string, field: string, selection: string, after = ''): Door['import'] {
  return async (document, { onConflict, ...options } = {}, client = anna) => {
    const given = Object.entries(options)
      .map(([name, value]) => `, ${name}: ${JSON.stringify(value)}`)
      .join('');
    const wins = onConflict ? `, onConflict: ${onConflict.toUpperCase()}` : '';
    const { data, errors } = await client.graphql(
      `${before} ${field}document: $document${given}${wins}) ${selection} ${after} }`,
      { document: JSON.stringify(document) },
    );
    const [error] = errors ?? [];
    const { org, importAgentDocument } = (data ?? {}) as Record<string, Record<string, unknown>>;
    const picked = (importAgentDocument ?? org?.planImport ?? {}) as Record<string, unknown>;
    const { applied } = picked as { applied?: readonly string[] };
    return {
      status: error ? error.extensions.statusCode : 200,
      headers: new Headers({ 'x-request-id': 'graphql' }),
      body: error
        ? { message: error.message, requestId: 'graphql', ...error.extensions }
        : { ...picked, ...(applied && { applied: applied.map(camel) }) },
    };
  };
}

const PLAN = `{ plan baseVersion changes { section itemId path kind before after }
  conflicts { section path } blockers { code path message }
  readiness { before { code } after { code } } }`;

const DOORS: readonly [string, Door][] = [
  ['REST', { import: byRest({}), plan: byRest({ mode: 'plan' }) }],
  [
    'GraphQL',
    {
      import: byGraphql(
        'mutation ($document: String!) {',
        'importAgentDocument(org: "acme", ',
        '{ agent { id name description version } created applied }',
      ),
      plan: byGraphql('query ($document: String!) { org(id: "acme") {', 'planImport(', PLAN, '}'),
    },
  ],
];

const saved = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const named = (fields: object = {}) => ({ agent: { id, name: 'Acme', ...fields } });
const stored = async () => (await anna.get(path)).body;
const exported = async () => (await anna.get(`${path}/export?format=json`)).body;
const versionNow = async () =>
  Number((await anna.get(path)).headers.get('etag')?.replaceAll('"', ''));
const changesAt = async (version: number) =>
  (await anna.get(`${path}/history/${version}/changes`)).body.data;
const withoutNulls = (changes: unknown) =>
  (changes as object[]).map((it) =>
    Object.fromEntries(
      Object.entries(it)
        .filter(([, value]) => value !== null)
        .map(([name, value]) =>
          name === 'section' || name === 'kind' ? [name, camel(String(value))] : [name, value],
        ),
    ),
  );
/** The REST spelling of an enum value. */
const camel = (name: string) =>
  /^[A-Z_]+$/.test(name)
    ? name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    : name;

describe.each(DOORS)('a document, by %s', (_, door) => {
  it('creates the agent that it names, as `createAgent` would, with its sections', async () => {
    const document = {
      ...named({ description: 'Answers questions.' }),
      personality: { text: 'Brief.' },
      toolBindings: [{ toolId: '@anychat/tool.google-calendar' }],
    };
    const body = await saved(door.import(document));
    expect(body).toMatchObject({
      agent: { id, name: 'Acme', description: 'Answers questions.' },
      created: true,
      applied: ['personality', 'toolBindings'],
    });
    expect(await exported()).toMatchObject({ personality: { text: 'Brief.' } });
    const { body: channels } = await anna.get(`${path}/channels`);
    expect(channels.data).toMatchObject([{ channel: 'webchat', status: 'Active' }]);
    const { body: history } = await anna.get(`${path}/history`);
    expect(history.data).toMatchObject([{ version: 1, actor: { name: 'editor' } }]);
    const { body: audit } = await dana.get(`/orgs/acme/audit-log?resourceId=${id}`);
    expect(audit.data).toMatchObject([{ action: 'agent.created' }]);
  });

  it('changes the agent if it exists: its name, its description and the sections it has', async () => {
    await saved(door.import({ ...named({ description: 'Old.' }), products: ['p'] }));
    const body = await saved(door.import({ agent: { id, name: 'Renamed' }, personality: null }));
    expect(body).toMatchObject({ agent: { id, name: 'Renamed' }, created: false });
    expect(await stored()).not.toHaveProperty('description');
    expect(await exported()).toMatchObject({ products: ['p'], personality: null });
    expect(await versionNow()).toBe(2);
  });

  it('that says what the agent is makes no version', async () => {
    await saved(door.import({ ...named(), products: ['p'] }));
    await saved(door.import({ ...named(), products: ['p'] }));
    expect(await versionNow()).toBe(1);
  });

  it('without a section leaves the sections as they are', async () => {
    await saved(door.import({ ...named(), products: ['p'] }));
    const body = await saved(door.import(named({ description: 'New.' })));
    expect(body).toMatchObject({ applied: [] });
    expect(await exported()).toMatchObject({ products: ['p'] });
    expect(await stored()).toMatchObject({ description: 'New.' });
  });

  it.each([
    ['no agent', {}, ['agent']],
    ['an agent without an id', { agent: { name: 'A' } }, ['agent.id']],
    ['an agent without a name', { agent: { id: 'a' } }, ['agent.name']],
    ['a blank name', { agent: { id: 'a', name: ' ' } }, ['agent.name']],
    ['an id that is no slug', { agent: { id: 'Not A Slug', name: 'A' } }, ['agent.id']],
    ['an id that is no text', { agent: { id: 7, name: 'A' } }, ['agent.id']],
    ['another field of the agent', { agent: { id: 'a', name: 'A', org: 'o' } }, ['agent.org']],
    [
      'problems everywhere',
      { agent: { id: 'A!', name: '' }, products: 'p', soup: 1 },
      ['agent.id', 'agent.name', 'products', 'soup'],
    ],
    [
      'a reference to nothing',
      {
        agent: { id: 'refused', name: 'A' },
        playbooks: [{ id: 'p', name: 'P', body: 'b', isDefault: true, skillRefs: ['none'] }],
      },
      ['playbooks[0].skillRefs[0]'],
    ],
  ])('with %s is refused and creates nothing', async (_, document, paths) => {
    expectRefusal(await door.import(document), 400, 'request.invalid', paths);
    expect((await anna.get(`${AGENTS}/refused`)).status).toBe(404);
  });

  it('that is too large for an agent creates nothing', async () => {
    const skills = Array.from({ length: 9 }, (_, i) => ({
      name: `S${i}`,
      body: 'x'.repeat(99_000),
    }));
    expectRefusal(await door.import({ ...named(), skills }), 400, 'agent.too_large');
    expect((await anna.get(path)).status).toBe(404);
  });

  it('with the id of a removed agent creates another one, whose versions continue', async () => {
    await saved(door.import({ ...named(), products: ['p'] }));
    await saved(anna.delete(path));
    const body = await saved(door.import(named()));
    expect(body).toMatchObject({ created: true });
    expect(await versionNow()).toBe(3);
    expect(await exported()).toMatchObject({ products: [] });
  });

  it('requires what creating an agent requires', async () => {
    const viewer = await server.as('viewer');
    const reader = await server.as('editor', ['agents:read', 'templates:apply']);
    for (const send of [door.import, door.plan]) {
      expect((await send(named(), {}, viewer)).body.code).toBe('auth.role_insufficient');
      expect((await send(named(), {}, reader)).body.code).toBe('auth.scope_missing');
    }
    expect((await anna.get(path)).status).toBe(404);
  });
});

describe.each(DOORS)('a document with a base, by %s', (_, door) => {
  it('is merged, with the name and the description', async () => {
    await saved(door.import({ ...named({ description: 'one\ntwo\nthree' }), products: ['p'] }));
    await saved(dana.patch(path, { name: 'Theirs', description: 'ONE\ntwo\nthree' }));
    const yours = { ...named({ description: 'one\ntwo\nTHREE' }), products: ['p', 'q'] };
    await saved(door.import(yours, { base: 1 }));
    expect(await stored()).toMatchObject({ name: 'Theirs', description: 'ONE\ntwo\nTHREE' });
    expect(await exported()).toMatchObject({ products: ['p', 'q'] });
  });

  it('reports a name that both sides changed, with the author', async () => {
    await saved(door.import(named()));
    await saved(dana.patch(path, { name: 'Theirs' }));
    const yours = { agent: { id, name: 'Yours' } };
    const refused = await door.import(yours, { base: 1 });
    expectRefusal(refused, 409, 'merge.conflict');
    expect(refused.body.conflicts).toMatchObject([
      {
        section: 'agent',
        path: 'name',
        base: 'Acme',
        theirs: 'Theirs',
        yours: 'Yours',
        theirActor: { name: 'owner' },
        theirVersion: 2,
      },
    ]);
    await saved(door.import(yours, { base: 1, onConflict: 'yours' }));
    expect(await stored()).toMatchObject({ name: 'Yours' });
  });

  it('is refused if the merged description is too long', async () => {
    const line = 'x'.repeat(1_900);
    await saved(door.import(named({ description: '1\n2\n3' })));
    await saved(dana.patch(path, { description: `${line}\n2\n3` }));
    const yours = named({ description: `1\n2\n${line}` });
    const refused = await door.import(yours, { base: 1 });
    expectRefusal(refused, 409, 'merge.invalid', ['agent.description']);
  });

  it('does not create the agent: neither with a base nor with an expected version', async () => {
    for (const options of [{ base: 1 }, { expectedVersion: 1 }]) {
      expectRefusal(await door.import(named(), options), 404, 'agent.not_found');
      expectRefusal(await door.plan(named(), options), 404, 'agent.not_found');
    }
    expect((await anna.get(path)).status).toBe(404);
  });

  it('of an earlier agent with the id is refused', async () => {
    await saved(door.import(named()));
    await saved(anna.delete(path));
    await saved(door.import(named()));
    expectRefusal(await door.import(named(), { base: 1 }), 404, 'version.not_found');
  });

  it('compares the expected version', async () => {
    await saved(door.import(named()));
    const other = named({ description: 'x' });
    expectRefusal(await door.import(other, { expectedVersion: 7 }), 412, 'version.mismatch');
    expectRefusal(await door.plan(other, { expectedVersion: 7 }), 412, 'version.mismatch');
    await saved(door.import(other, { expectedVersion: 1 }));
    expect(await versionNow()).toBe(2);
  });
});

describe.each(DOORS)('the plan of a creation, by %s', (_, door) => {
  const document = () => ({
    ...named({ description: 'New.' }),
    products: ['p'],
    playbooks: [{ id: 'p', name: 'P', body: 'b', isDefault: true }],
  });
  const tokenOf = async (it: object = document(), client = anna) => {
    const { plan } = await saved(door.plan(it, {}, client));
    expect(plan).toEqual(expect.any(String));
    return plan as string;
  };

  it('shows the agent that would be created, and writes nothing', async () => {
    const { plan, baseVersion, changes, blockers, readiness } = await saved(door.plan(document()));
    expect((await anna.get(path)).status).toBe(404);
    expect([baseVersion, blockers]).toEqual([0, []]);
    const { before, after } = readiness as { before: object[]; after: { code: string }[] };
    expect(before).toEqual([]);
    // A new agent can be reached, by webchat.
    expect(after.map(({ code }) => code.toLowerCase()).join()).not.toMatch(/none.active/);
    expect(withoutNulls(changes)).toContainEqual({
      section: 'agent',
      path: 'name',
      kind: 'added',
      after: 'Acme',
    });
    await saved(door.import(document(), { plan: plan as string }));
    expect(await changesAt(1)).toEqual(withoutNulls(changes));
  });

  it('is refused once another caller has created the agent', async () => {
    const plan = await tokenOf();
    await dana.createAgent({ id, name: 'Hers' });
    expectRefusal(await door.import(document(), { plan }), 412, 'plan.stale');
    expect(await stored()).toMatchObject({ name: 'Hers' });
  });

  it('is refused once the agent was created and removed', async () => {
    const plan = await tokenOf();
    await dana.createAgent({ id, name: 'Hers' });
    await saved(dana.delete(path));
    expectRefusal(await door.import(document(), { plan }), 412, 'plan.stale');
    expect((await anna.get(path)).status).toBe(404);
  });

  it('is refused once it was carried out, also after the agent has changed', async () => {
    const plan = await tokenOf();
    await saved(door.import(document(), { plan }));
    expectRefusal(await door.import(document(), { plan }), 409, 'plan.used');
    await saved(dana.patch(path, { name: 'Hers' }));
    const again = await door.import(document(), { plan });
    expectRefusal(again, 409, 'plan.used');
    expect(again.body.message).toContain('version 1');
    await saved(dana.delete(path));
    expectRefusal(await door.import(document(), { plan }), 412, 'plan.stale');
    expect((await anna.get(path)).status).toBe(404);
  });

  it('is refused for another caller, another document and another agent', async () => {
    const plan = await tokenOf();
    expectRefusal(await door.import(document(), { plan }, dana), 403, 'plan.foreign');
    const others = [{ ...document(), products: ['q'] }, named(), { agent: { id: 'z', name: 'Z' } }];
    for (const other of others) {
      expectRefusal(await door.import(other, { plan }), 409, 'plan.mismatch');
    }
    const altered = plan.slice(0, -1) + (plan.endsWith('A') ? 'B' : 'A');
    expectRefusal(await door.import(document(), { plan: altered }), 400, 'plan.invalid');
    expect((await anna.get(path)).status).toBe(404);
  });

  it('of a change is refused once the agent was removed, and creates nothing', async () => {
    await saved(door.import(named()));
    const plan = await tokenOf();
    await saved(dana.delete(path));
    expectRefusal(await door.import(document(), { plan }), 412, 'plan.stale');
    expect((await anna.get(path)).status).toBe(404);
  });

  it('shows why the creation would be refused', async () => {
    const playbook = { id: 'p', name: 'P', body: 'b', isDefault: true, skillRefs: ['none'] };
    const body = await saved(door.plan({ ...named(), playbooks: [playbook] }));
    expect(body.plan ?? undefined).toBeUndefined();
    expect(body.blockers).toMatchObject([
      { code: 'request.invalid', path: 'playbooks[0].skillRefs[0]' },
    ]);
  });
});

it('of many at once that name a new agent, one creates it, and none is lost', async () => {
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, i) => {
      const document = { ...named(), products: [`p${i}`] };
      return anna.post(`${AGENTS}/import`, document);
    }),
  );
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 200));
  expect(results.filter(({ body }) => body.created)).toHaveLength(1);
  expect(await versionNow()).toBe(8);
});

it('an agent whose id is a word of the path is still reached', async () => {
  await saved(anna.post(`${AGENTS}/import`, { agent: { id: 'import', name: 'Import' } }));
  expect((await anna.get(`${AGENTS}/import`)).body).toMatchObject({ name: 'Import' });
  await saved(anna.patch(`${AGENTS}/import`, { name: 'Renamed' }));
  await saved(anna.post(`${AGENTS}/import/import`, { products: ['p'] }));
  expect((await anna.delete(`${AGENTS}/import`)).status).toBe(200);
});

it('problems of YAML have their places', async () => {
  const yaml = `agent:\n  id: ${id}\n  name: A\nplaybooks:\n  - name: P\n    body: b\n    skillRefs: [none]\n`;
  const { body } = await anna.post(`${AGENTS}/import`, yaml, {
    'Content-Type': 'application/yaml',
  });
  expect(body.details).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('line 7') }),
  );
});

it('a retry with the same Idempotency-Key gets the first answer', async () => {
  const create = () =>
    anna.post(`${AGENTS}/import`, named(), { 'Idempotency-Key': `create-${id}` });
  expect(await saved(create())).toMatchObject({ created: true });
  expect(await saved(create())).toMatchObject({ created: true });
  expect(await versionNow()).toBe(1);
});

it('creates exactly what its plan showed, for any definition', async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(agents(), async (one) => {
      number += 1;
      id = `random-${number}`;
      path = `${AGENTS}/${id}`;
      const document = { ...named(), ...exportDefinition(one) };
      const { status, body } = await anna.post(`${AGENTS}/import?mode=plan`, document);
      // The generator also makes names that the API rejects, such as blank ones.
      fc.pre(status !== 400);
      expect(status, JSON.stringify(body)).toBe(200);
      const { plan, changes, blockers } = body;
      if (plan === undefined) {
        expect(blockers).not.toEqual([]);
        return;
      }
      await saved(anna.post(`${AGENTS}/import?plan=${plan}`, document));
      expect(await versionNow()).toBe(1);
      expect(await changesAt(1)).toEqual(changes);
    }),
    { numRuns: 40 },
  );
});
