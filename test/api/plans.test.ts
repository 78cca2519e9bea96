import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { API_KEY_USES } from '../../src/api-keys/collection.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import { COLLECTIONS } from '../../src/doctor/collections.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { CHANGED_SECTIONS } from '../../src/domain/history.ts';
import { inspectStore, parseStoreUrl } from '../../src/store/open.ts';
import { type Answer, type Client, expectRefusal } from '../kit/client.ts';
import { agents } from '../kit/sections.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { isOnMongodb, sharedStore } from '../kit/store.ts';

const SALES = '@anychat/agent-template.sales-development';
const store = sharedStore();

let server: TestServer;
let anna: Client;
let dana: Client;
let id: string;
let path: string;
/** How many random definitions or changes. */
const RUNS = isOnMongodb ? 15 : 40;

beforeAll(async () => {
  server = await startTestServer(store.environment);
  anna = await server.as('editor');
  dana = await server.as('owner');
});
afterAll(async () => {
  await server.stop();
  await store.remove();
});
beforeEach(async () => {
  id = await anna.createAgent({ name: 'Acme' });
  path = `/orgs/acme/agents/${id}`;
});
afterEach(() => vi.useRealTimers());

it.each(['dryRun', 'dry_run', 'validateOnly', 'preview'])(
  'refuses %s, and names the parameter that plans a change',
  async (name) => {
    const { body: before } = await anna.get(path);
    const refused = await anna.post(`${path}/import?${name}=true`, { name: 'Rehearsed' });
    expect(refused.status).toBe(400);
    expect(text(refused.body)).toContain('mode=plan answers what the change would do');
    expect((await anna.get(path)).body).toEqual(before);
  },
);

/** A change that can be planned, by either door. */
interface Change {
  /** Under the agent. */
  readonly route: string;
  readonly body: object | string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly field: string;
  readonly mutation: string;
  /** The arguments of the field, and those of the mutation. */
  readonly planArgs: string;
  readonly args: string;
  /** The document names the agent; the path and the arguments do not. */
  readonly inOrg?: true;
}

const text = (value: unknown) => JSON.stringify(value);

function importing(definition: object, query: Record<string, string | number> = {}): Change {
  const options = Object.entries(query)
    .map(([name, value]) => `, ${name}: ${String(value).toUpperCase()}`)
    .join('');
  const args = `document: $document${options}`;
  return {
    route: '/import',
    body: text(definition),
    query,
    field: 'planImport',
    mutation: 'importAgent',
    planArgs: args,
    args,
  };
}
/** The import of a document that names the agent. */
const importingDocument = (
  definition: object,
  query: Record<string, string | number> = {},
): Change => ({
  ...importing({ agent: { id, name: 'Renamed' }, ...definition }, query),
  mutation: 'importAgentDocument',
  inOrg: true,
});
const applying = (templateId: string): Change => ({
  route: '/apply-template',
  body: { templateId },
  field: 'planTemplate',
  mutation: 'applyAgentTemplate',
  planArgs: `templateId: ${text(templateId)}`,
  args: `input: { templateId: ${text(templateId)} }`,
});
const updating = (kind: string, pieceId: string): Change => ({
  route: '/updates/apply',
  body: { kind, id: pieceId },
  field: 'planUpdate',
  mutation: 'applyUpdate',
  planArgs: `kind: ${kind.toUpperCase()}, id: ${text(pieceId)}`,
  args: `input: { kind: ${kind.toUpperCase()}, id: ${text(pieceId)} }`,
});
const restoring = (version: number, sections: readonly string[]): Change => ({
  route: `/history/${version}/_restore`,
  body: { sections },
  field: 'planRestore',
  mutation: 'restoreAgent',
  planArgs: `version: ${version}, sections: [${sections.map((it) => it.toUpperCase())}]`,
  args: `version: ${version}, sections: [${sections.map((it) => it.toUpperCase())}]`,
});

interface Plan {
  readonly plan?: string;
  readonly baseVersion: number;
  readonly changes: readonly { section: string; path: string; kind: string; after?: unknown }[];
  readonly conflicts: readonly Record<string, unknown>[];
  readonly blockers: readonly { code: string; path: string; message: string }[];
  readonly readiness: { before: { code: string }[]; after: { code: string }[] };
}

interface Door {
  plan(client: Client, change: Change): Promise<Answer>;
  carryOut(client: Client, change: Change, plan?: string): Promise<Answer>;
}

const rest: Door = {
  plan: (client, change) => sent(client, change, { mode: 'plan' }),
  carryOut: (client, change, plan) => sent(client, change, plan === undefined ? {} : { plan }),
};

function sent(client: Client, change: Change, more: Record<string, string>) {
  const { route, body, query, inOrg } = change;
  const search = new URLSearchParams({ ...toTexts(query), ...more });
  const headers = typeof body === 'string' ? { 'Content-Type': 'application/yaml' } : undefined;
  return client.post(`${inOrg ? '/orgs/acme/agents' : path}${route}?${search}`, body, headers);
}

const toTexts = (query: Change['query'] = {}) =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));

const FINDINGS = '{ code }';
const PLAN = `{ plan baseVersion changes { section itemId path kind before after }
  conflicts { section itemId path base theirs yours theirActor { name } theirVersion }
  blockers { code path message } readiness { before ${FINDINGS} after ${FINDINGS} } }`;

const graphql: Door = {
  async plan(client, { field, planArgs, body, inOrg }) {
    const planning = `${field}(${planArgs}) ${PLAN}`;
    const query = `query ${variables(planArgs)} {
      org(id: "acme") { ${inOrg ? planning : `agent(id: "${id}") { ${planning} }`} }
    }`;
    return inRest(client, query, body, (data) => {
      const { org } = data as { org: { agent: object } };
      const parent = (inOrg ? org : org.agent) as Record<string, Plan>;
      const plan = parent[field] as Plan;
      const changes = plan.changes.map((it) => ({
        ...it,
        section: camel(it.section),
        kind: camel(it.kind),
      }));
      return { ...plan, plan: plan.plan ?? undefined, changes };
    });
  },
  carryOut(client, { mutation, args, body, inOrg }, plan) {
    const given = plan === undefined ? '' : `, plan: ${text(plan)}`;
    const agent = inOrg ? '' : `agent: "${id}",`;
    const query = `mutation ${variables(args)} {
      ${mutation}(org: "acme", ${agent} ${args}${given}) { agent { version } }
    }`;
    return inRest(client, query, body, (data) => data);
  },
};

const variables = (args: string) => (args.includes('$document') ? '($document: String!)' : '');

/** The REST spelling of an enum value. */
const camel = (name: string) =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

async function inRest(
  client: Client,
  query: string,
  document: Change['body'],
  pick: (data: Record<string, unknown>) => object,
): Promise<Answer> {
  const { data, errors } = await client.graphql(
    query,
    typeof document === 'string' ? { document } : {},
  );
  const [error] = errors ?? [];
  return {
    status: error ? error.extensions.statusCode : 200,
    headers: new Headers({ 'x-request-id': 'graphql' }),
    body: error
      ? { message: error.message, requestId: 'graphql', ...error.extensions }
      : { ...pick(data ?? {}) },
  };
}

async function planned(door: Door, change: Change, client = anna): Promise<Plan> {
  const { status, body } = await door.plan(client, change);
  expect(status, text(body)).toBe(200);
  return body as unknown as Plan;
}

async function tokenOf(door: Door, change: Change, client = anna): Promise<string> {
  const { plan } = await planned(door, change, client);
  if (plan === undefined) throw new Error('the change cannot be carried out');
  return plan;
}

const saved = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  expect(status, text(body)).toBe(200);
  return body;
};
const setText = (client: Client, value: string) =>
  saved(client.put(`${path}/personality`, { text: value }));
const exported = async () => (await anna.get(`${path}/export?format=json`)).body;
const versionNow = async () =>
  Number((await anna.get(path)).headers.get('etag')?.replace(/"/g, ''));
const changesAt = async (version: number) =>
  (await anna.get(`${path}/history/${version}/changes`)).body.data;

/** Every document of the store, except when keys were used last. */
async function contents(): Promise<string> {
  const location = parseStoreUrl(store.environment.STORE_URL);
  if (!location) throw new Error('no store');
  const inspection = await inspectStore(location);
  try {
    const specs = COLLECTIONS.filter((it) => it.name !== API_KEY_USES.name);
    const all = specs.map(async (it) => [it.name, await inspection.sample(it, 100_000)] as const);
    return text(Object.fromEntries(await Promise.all(all)));
  } finally {
    await inspection.close();
  }
}

/** A change of each kind, for an agent that has been prepared for it. */
const CHANGES: readonly [string, () => Promise<Change>][] = [
  ['an import', async () => importing({ personality: { text: 'Brief.' }, products: ['p'] })],
  ['an import of a document', async () => importingDocument({ products: ['p'] })],
  ['an agent template', async () => applying(SALES)],
  [
    'an update',
    async () => {
      const [skill] = (await exportedWith({ templateId: SALES })).skills as { id: string }[];
      await saved(anna.post(`${path}/import`, await outdated()));
      return updating('skill', skill?.id ?? '');
    },
  ],
  [
    'a restore',
    async () => {
      await setText(anna, 'First.');
      const version = await versionNow();
      await setText(dana, 'Second.');
      return restoring(version, ['personality', 'skills']);
    },
  ],
];

async function exportedWith(template: object) {
  await saved(anna.post(`${path}/apply-template`, template));
  return exported();
}

/** The agent as a definition whose skills were copied from older versions. */
async function outdated() {
  const definition = await exported();
  const skills = (definition.skills as { derivedFrom?: object }[]).map((skill) => ({
    ...skill,
    body: 'Old.',
    ...(skill.derivedFrom && { derivedFrom: { ...skill.derivedFrom, version: '0' } }),
  }));
  return { ...definition, skills };
}

describe.each([
  ['REST', rest],
  ['GraphQL', graphql],
])('a plan, by %s', (_, door) => {
  it.each(CHANGES)('of %s shows what is left, and writes nothing', async (_, prepare) => {
    const change = await prepare();
    const base = await versionNow();
    const before = await contents();
    const plan = await planned(door, change);
    expect(await contents()).toBe(before);
    expect(plan).toMatchObject({ baseVersion: base, conflicts: [], blockers: [] });
    expect(plan.changes).not.toEqual([]);
    await saved(door.carryOut(anna, change, plan.plan));
    expect(await versionNow()).toBe(base + 1);
    const made = (await changesAt(base + 1)) as object[];
    const withoutNulls = plan.changes.map((it) =>
      Object.fromEntries(Object.entries(it).filter(([, value]) => value !== null)),
    );
    expect(made).toEqual(withoutNulls);
  });

  it('of a document that creates an agent writes nothing', async () => {
    // Not one that was removed, which is purged meanwhile.
    id = 'new-agent';
    const before = await contents();
    const plan = await planned(door, importingDocument({ products: ['p'] }));
    expect(await contents()).toBe(before);
    expect(plan).toMatchObject({ baseVersion: 0, conflicts: [], blockers: [] });
    expect(plan.plan).toEqual(expect.any(String));
  });

  it.each([
    ...CHANGES,
    [
      'a creation',
      async () => {
        await saved(anna.delete(path));
        return importingDocument({ products: ['p'] });
      },
    ] as const,
  ])('of %s that is carried out many times at once makes one version', async (_, prepare) => {
    const change = await prepare();
    const { plan, baseVersion } = await planned(door, change);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => door.carryOut(anna, change, plan)),
    );
    const codes = answers.map(({ status, body }) => (status === 200 ? 'made' : body.code));
    expect(codes.sort()).toEqual(['made', ...Array(4).fill('plan.used')]);
    // The one before the creation is the removal of the former agent, and the one before that it.
    expect(await versionNow()).toBe(baseVersion === 0 ? 3 : baseVersion + 1);
  });

  it('of a change that changes nothing can be carried out, and makes no version', async () => {
    const change = importing({ products: [] });
    const plan = await planned(door, change);
    expect(plan.changes).toEqual([]);
    await saved(door.carryOut(anna, change, plan.plan));
    await saved(door.carryOut(anna, change, plan.plan));
    expect(await versionNow()).toBe(1);
  });

  it('shows what would make the change be refused, and cannot be carried out then', async () => {
    const playbook = { id: 'p', name: 'P', body: 'b', isDefault: true, skillRefs: ['none'] };
    const plan = await planned(door, importing({ playbooks: [playbook] }));
    expect(plan.plan).toBeUndefined();
    expect(plan.blockers).toMatchObject([
      { code: 'request.invalid', path: 'playbooks[0].skillRefs[0]' },
    ]);
    expect(plan.changes).toContainEqual(expect.objectContaining({ kind: 'added' }));
  });

  it('shows that the agent would be too large', async () => {
    const skills = Array.from({ length: 9 }, (_, i) => ({
      name: `S${i}`,
      body: 'x'.repeat(99_000),
    }));
    const plan = await planned(door, importing({ skills }));
    expect(plan.plan).toBeUndefined();
    expect(plan.blockers).toMatchObject([{ code: 'agent.too_large', path: '' }]);
  });

  it('shows readiness before and after', async () => {
    const playbook = { id: 'p', name: 'P', body: 'b', isDefault: true };
    const tool = { toolId: '@anychat/tool.google-calendar' };
    const skill = { name: 'S', body: 'b', requiredTools: ['@anychat/tool.none'] };
    const change = importing({ skills: [skill], playbooks: [playbook], toolBindings: [tool] });
    const { readiness } = await planned(door, change);
    const codes = readiness.after.map(({ code }) => code.toLowerCase().replaceAll('__', '.'));
    expect(readiness.before.length).toBeLessThan(readiness.after.length);
    expect(codes.join()).toMatch(/skill/);
  });

  it('of a merge shows its conflicts, which a side can win', async () => {
    await setText(anna, 'a');
    const base = await versionNow();
    await setText(dana, 'b');
    const definition = { personality: { text: 'c' }, products: ['p'] };
    const open = await planned(door, importing(definition, { base }));
    expect(open).toMatchObject({
      baseVersion: base + 1,
      conflicts: [
        { path: 'text', base: 'a', theirs: 'b', yours: 'c', theirActor: { name: 'owner' } },
      ],
      blockers: [],
    });
    expect(open.plan).toBeUndefined();
    expect(open.changes).toMatchObject([{ section: 'products', after: ['p'] }]);
    const change = importing(definition, { base, onConflict: 'yours' });
    const won = await planned(door, change);
    expect(won.conflicts).toHaveLength(1);
    expect(won.changes).toHaveLength(2);
    await saved(door.carryOut(anna, change, won.plan));
    expect(await exported()).toMatchObject({ personality: { text: 'c' }, products: ['p'] });
  });

  it.each(CHANGES)('of %s is refused once the agent has changed', async (_, prepare) => {
    const change = await prepare();
    const plan = await tokenOf(door, change);
    await saved(dana.patch(path, { description: 'Changed.' }));
    const before = await versionNow();
    expectRefusal(await door.carryOut(anna, change, plan), 412, 'plan.stale');
    expect(await versionNow()).toBe(before);
  });

  it.each(CHANGES)('of %s is refused once it was carried out', async (_, prepare) => {
    const change = await prepare();
    const plan = await tokenOf(door, change);
    await saved(door.carryOut(anna, change, plan));
    const again = await door.carryOut(anna, change, plan);
    expectRefusal(again, 409, 'plan.used');
    expect(again.body.message).toContain(`version ${await versionNow()}`);
    await saved(dana.patch(path, { description: 'Changed.' }));
    expectRefusal(await door.carryOut(anna, change, plan), 409, 'plan.used');
  });

  it('is refused after it has expired', async () => {
    const change = importing({ products: ['p'] });
    const plan = await tokenOf(door, change);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 + 1 });
    expectRefusal(await door.carryOut(anna, change, plan), 409, 'plan.expired');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 });
    await saved(door.carryOut(anna, change, plan));
  });

  it('is refused for another caller', async () => {
    const change = importing({ products: ['p'] });
    const plan = await tokenOf(door, change);
    expectRefusal(await door.carryOut(dana, change, plan), 403, 'plan.foreign');
  });

  it('is refused for another document, other options or another operation', async () => {
    const plan = await tokenOf(door, importing({ products: ['p'] }));
    for (const other of [
      importing({ products: ['q'] }),
      importing({ products: ['p'] }, { base: 1 }),
      importing({ products: ['p'] }, { base: 1, onConflict: 'yours' }),
      applying(SALES),
      restoring(1, ['personality']),
      importingDocument({ products: ['p'] }),
    ]) {
      expectRefusal(await door.carryOut(anna, other, plan), 409, 'plan.mismatch');
    }
    expect(await versionNow()).toBe(1);
  });

  it('is refused for another agent, and for a later one of the same id', async () => {
    const change = importing({ products: ['p'] });
    const plan = await tokenOf(door, change);
    const [first, other] = [id, await anna.createAgent()];
    [id, path] = [other, `/orgs/acme/agents/${other}`];
    expectRefusal(await door.carryOut(anna, change, plan), 409, 'plan.mismatch');
    [id, path] = [first, `/orgs/acme/agents/${first}`];
    await saved(anna.delete(path));
    await anna.createAgent({ name: 'Acme', id });
    expectRefusal(await door.carryOut(anna, change, plan), 412, 'plan.stale');
  });

  it('is refused if it was altered anywhere', async () => {
    const change = importing({ products: ['p'] });
    const plan = await tokenOf(door, change);
    const altered = [1, 8, 30, 60, plan.length - 30, plan.length - 1].map((at) => {
      const other = plan.charAt(at) === 'A' ? 'B' : 'A';
      return plan.slice(0, at) + other + plan.slice(at + 1);
    });
    for (const one of [...altered, '', 'plan', `${plan}A`, plan.slice(0, -1)]) {
      expectRefusal(await door.carryOut(anna, change, one), 400, 'plan.invalid');
    }
    await saved(door.carryOut(anna, change, plan));
  });

  it('requires the right of the change', async () => {
    const viewer = await server.as('viewer');
    const templates = await server.as('editor', ['templates:apply', 'agents:read']);
    const change = importing({ products: ['p'] });
    expect((await door.plan(viewer, change)).body.code).toBe('auth.role_insufficient');
    expect((await door.plan(templates, change)).body.code).toBe('auth.scope_missing');
    expect((await planned(door, applying(SALES), templates)).plan).toBeDefined();
  });
});

describe('by REST', () => {
  it('a plan needs no right to read, as the change does not', async () => {
    const writer = await server.as('editor', ['agents:write']);
    expect((await planned(rest, importing({ products: ['p'] }), writer)).plan).toBeDefined();
  });

  it('a plan compares the version, and does not remember its Idempotency-Key', async () => {
    const planning = (headers: Record<string, string>) =>
      anna.post(`${path}/import?mode=plan`, { products: ['p'] }, headers);
    expectRefusal(await planning({ 'If-Match': '"7"' }), 412, 'version.mismatch');
    const keyed = { 'Idempotency-Key': 'key-1' };
    const [first, second] = [await planning(keyed), await planning(keyed)];
    expect(first.body.plan).not.toBe(second.body.plan);
    expect(first.headers.get('etag')).toBe('"1"');
    expect(first.headers.get('cache-control')).toBe('no-store');
  });

  it('there is one mode, which has no plan', async () => {
    const at = `${path}/import`;
    expectRefusal(await anna.post(`${at}?mode=dry`, {}), 400, 'request.invalid', ['mode']);
    expectRefusal(await anna.post(`${at}?mode=plan&plan=x`, {}), 400, 'request.invalid', ['plan']);
    expectRefusal(
      await anna.put(`${path}/personality?mode=plan`, { text: 'x' }),
      400,
      'request.invalid',
      ['mode'],
    );
  });

  it('problems of YAML have their places in a plan, too', async () => {
    const yaml =
      'playbooks:\n  - id: p\n    name: P\n    body: b\n    isDefault: true\n    skillRefs: [none]\n';
    const { body } = await anna.post(`${path}/import?mode=plan`, yaml, {
      'Content-Type': 'application/yaml',
    });
    expect(body.blockers).toMatchObject([{ message: expect.stringContaining('line 6') }]);
  });
});

it('leaves exactly what it showed, for any agent and any definition', async () => {
  const import_ = async (definition: object, query: string) =>
    anna.post(`${path}/import${query}`, definition);
  await fc.assert(
    fc.asyncProperty(
      agents(),
      agents(),
      agents(),
      fc.boolean(),
      async (one, two, three, merges) => {
        id = await anna.createAgent({ name: 'Acme' });
        path = `/orgs/acme/agents/${id}`;
        // The generator also makes names that the API rejects, such as blank ones.
        fc.pre((await import_(exportDefinition(one), '')).status === 200);
        const first = await versionNow();
        fc.pre((await import_(exportDefinition(two), '')).status === 200);
        const base = await versionNow();
        const options = merges ? `&base=${first}&onConflict=yours` : '';
        const definition = exportDefinition(three);
        const { status, body } = await import_(definition, `?mode=plan${options}`);
        if (status === 400) expect((await import_(definition, `?${options}`)).status).toBe(400);
        fc.pre(status !== 400);
        expect(status, text(body)).toBe(200);
        const { plan, changes, blockers } = body as unknown as Plan;
        const made = await import_(definition, `?plan=${plan ?? ''}${options}`);
        if (blockers.length > 0) {
          expect(made.body.code).toBe('plan.invalid');
          return;
        }
        expect(made.status, text(made.body)).toBe(200);
        const now = await versionNow();
        if (changes.length === 0) return;
        expect(now).toBe(base + 1);
        expect(await changesAt(now)).toEqual(changes);
      },
    ),
    { numRuns: RUNS },
  );
});

describe('the prompt after a planned change', () => {
  const prompted = (change: Change, query: object = {}, client = anna) =>
    sent(client, change, { mode: 'plan', prompt: 'true', ...query });

  it.each(CHANGES)('of %s is that of the agent after it', async (_, prepare) => {
    const change = await prepare();
    const query = { channel: 'sms' };
    const { body } = await prompted(change, query);
    await saved(rest.carryOut(anna, change, String(body.plan)));
    const after = await saved(anna.get(`${path}/prompt?channel=sms`));
    expect(body.prompt).toEqual(after);
  });

  it('is the same over GraphQL', async () => {
    const change = importing({ personality: { text: 'Brief.' } });
    const { body } = await prompted(change);
    const { data } = await anna.graphql(
      `query ($document: String!) { org(id: "acme") { agent(id: "${id}") {
        planImport(document: $document) { prompt { text hash estimatedTokens } }
      } } }`,
      { document: change.body },
    );
    const { text: shown, hash, estimatedTokens } = body.prompt as Record<string, unknown>;
    expect(shown).toContain('Brief.');
    expect(data).toEqual({
      org: { agent: { planImport: { prompt: { text: shown, hash, estimatedTokens } } } },
    });
  });

  it('is left out unless it is asked for, and unless the change is planned', async () => {
    const change = importing({ products: ['p'] });
    expect((await rest.plan(anna, change)).body).not.toHaveProperty('prompt');
    expect((await prompted(change, { prompt: 'false' })).body).not.toHaveProperty('prompt');
    expect(await versionNow()).toBe(1);
    const refused = await sent(anna, change, { prompt: 'true' });
    expectRefusal(refused, 400, 'request.invalid');
    expect(await versionNow()).toBe(1);
  });

  it('shows a change that is refused, as far as it goes', async () => {
    const playbook = { id: 'p', name: 'P', body: 'Be kind.', isDefault: true, skillRefs: ['none'] };
    const { body } = await prompted(importing({ playbooks: [playbook] }));
    expect(body.blockers).toHaveLength(1);
    expect(text(body.prompt)).toContain('Be kind.');
    expect(body.prompt).toMatchObject({ withheld: [{ id: 'none', reason: 'not_found' }] });
  });

  it('has a playbook of the change, and a person', async () => {
    const { body: person } = await dana.post(`${path}/people`, { firstName: 'Ada' });
    const hello = { id: 'hello', name: 'Hello', body: 'Hello {person.firstName}' };
    const change = importing({
      messageTemplates: [hello],
      playbooks: [
        { id: 'a', name: 'A', body: 'a', isDefault: true },
        { id: 'b', name: 'B', body: 'b', messageTemplateRefs: ['hello'] },
      ],
    });
    const { body } = await prompted(change, { playbookId: 'b', personId: String(person.id) });
    expect(body.prompt).toMatchObject({ playbookId: 'b' });
    expect(text(body.prompt)).toContain('Hello Ada');
    expectRefusal(await prompted(change, { playbookId: 'c' }), 404, 'playbook.not_found');
    const writer = await server.as('editor', ['agents:write']);
    expect((await prompted(change, {}, writer)).status).toBe(200);
    const named = await prompted(change, { personId: String(person.id) }, writer);
    expectRefusal(named, 403, 'auth.scope_missing');
  });

  it('is not made of an agent that would be too large', async () => {
    const skills = Array.from({ length: 9 }, (_, i) => ({
      name: `S${i}`,
      body: 'x'.repeat(99_000),
    }));
    expectRefusal(await prompted(importing({ skills })), 400, 'agent.too_large');
  });
});

it('of an agent template, of a restore and of a document leaves exactly what it showed', async () => {
  const templates = loadCatalog().agentTemplates.list();
  const sections = fc.subarray([...CHANGED_SECTIONS], { minLength: 1 });
  const changes = fc.oneof(
    fc.constantFrom(...templates).map(
      ({ id }) =>
        () =>
          applying(id),
    ),
    sections.map((some) => () => restoring(1, some)),
    agents().map((one) => () => importingDocument(exportDefinition(one))),
  );
  let made = 0;
  await fc.assert(
    fc.asyncProperty(agents(), changes, async (one, make) => {
      id = await anna.createAgent({ name: 'Acme' });
      path = `/orgs/acme/agents/${id}`;
      // The generator also makes names that the API rejects, such as blank ones.
      fc.pre((await anna.post(`${path}/import`, exportDefinition(one))).status === 200);
      const base = await versionNow();
      const change = make();
      const { status, body: shown } = await rest.plan(anna, change);
      fc.pre(status !== 400);
      expect(status, text(shown)).toBe(200);
      const { plan, changes, blockers } = shown as unknown as Plan;
      if (plan === undefined) {
        expect(blockers).not.toEqual([]);
        return;
      }
      await saved(rest.carryOut(anna, change, plan));
      if (changes.length === 0) return;
      made += 1;
      expect(await versionNow()).toBe(base + 1);
      expect(await changesAt(base + 1)).toEqual(changes);
    }),
    { numRuns: RUNS },
  );
  expect(made).toBeGreaterThan(RUNS / 4);
});
