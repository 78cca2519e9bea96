import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** `POST /orgs/{org}/agents` and `createAgent`, with a template, and planned before. */

const AGENTS = '/orgs/acme/agents';
const TEMPLATE = '@anychat/agent-template.sales-development';

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

interface Door {
  create(input: object, plan?: string, client?: Client): Promise<Answer>;
  plan(input: object, client?: Client): Promise<Answer>;
}

const rest: Door = {
  create: (input, plan, client = anna) =>
    client.post(`${AGENTS}${plan === undefined ? '' : `?${new URLSearchParams({ plan })}`}`, input),
  plan: (input, client = anna) => client.post(`${AGENTS}?mode=plan`, input),
};

const graphql: Door = {
  create: (input, plan, client = anna) =>
    answered(
      client,
      `mutation ($input: CreateAgentInput!, $plan: String) {
        createAgent(org: "acme", input: $input, plan: $plan) {
          id name templateRef { templateId }
        }
      }`,
      { input, plan },
      (data) => data.createAgent,
    ),
  plan: (input, client = anna) =>
    answered(
      client,
      `query ($input: CreateAgentInput!) { org(id: "acme") { planAgent(input: $input) {
        plan baseVersion changes { section itemId path kind before after }
        blockers { code path message } readiness { before { code } after { code } }
        definition(format: JSON)
      } } }`,
      { input },
      (data) => (data.org as Record<string, unknown> | undefined)?.planAgent,
    ),
};

async function answered(
  client: Client,
  document: string,
  variables: object,
  pick: (data: Record<string, unknown>) => unknown,
): Promise<Answer> {
  const { data, errors } = await client.graphql(document, { ...variables });
  const [error] = errors ?? [];
  const body = error
    ? { message: error.message, requestId: 'graphql', ...error.extensions }
    : pick(data as Record<string, unknown>);
  return {
    status: error ? error.extensions.statusCode : 201,
    headers: new Headers({ 'x-request-id': 'graphql' }),
    body: body as Answer['body'],
  };
}

const succeeded = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  expect([200, 201], JSON.stringify(body)).toContain(status);
  return body;
};
const exported = async (of = path) => (await anna.get(`${of}/export?format=json`)).body;
const fromTemplate = () => ({
  id,
  name: 'Acme SDR',
  description: 'Books calls.',
  identity: { contactEmail: 'hello@acme.example' },
  templateId: TEMPLATE,
});
const planOf = async (door: Door, input: object = fromTemplate()) => {
  const { plan } = await succeeded(door.plan(input));
  expect(plan).toEqual(expect.any(String));
  return plan as string;
};

describe.each([
  ['REST', rest],
  ['GraphQL', graphql],
])('an agent from a template, by %s', (_, door) => {
  it('is that of a creation and an application of the template, as one version', async () => {
    const created = await succeeded(door.create(fromTemplate()));
    expect(created).toMatchObject({ id, name: 'Acme SDR', templateRef: { templateId: TEMPLATE } });
    const { body: history } = await anna.get(`${path}/history`);
    expect(history.data).toMatchObject([{ version: 1 }]);
    const { templateId, ...empty } = fromTemplate();
    const other = `${id}-in-two`;
    await succeeded(anna.post(AGENTS, { ...empty, id: other }));
    await succeeded(anna.post(`${AGENTS}/${other}/apply-template`, { templateId }));
    expect(await exported()).toEqual(await exported(`${AGENTS}/${other}`));
    const { body: channels } = await anna.get(`${path}/channels`);
    expect(channels.data).toMatchObject([{ channel: 'webchat', status: 'Active' }]);
  });

  it('gets a minted id without one', async () => {
    const { id: minted } = await succeeded(door.create({ name: 'Acme SDR', templateId: TEMPLATE }));
    expect(minted).toMatch(/^agent-acme-sdr-[a-z0-9]{8}$/);
  });

  it('is created exactly as its plan shows, once', async () => {
    const { plan, baseVersion, changes, blockers, readiness } = await succeeded(
      door.plan(fromTemplate()),
    );
    expect((await anna.get(path)).status).toBe(404);
    expect([baseVersion, blockers]).toEqual([0, []]);
    const { before, after } = readiness as { before: object[]; after: object[] };
    expect(before).toEqual([]);
    expect(after).not.toEqual([]);
    const sections = new Set((changes as { section: string }[]).map((it) => it.section));
    expect([...sections].map((it) => it.toLowerCase())).toEqual(
      expect.arrayContaining(['agent', 'identity', 'personality', 'skills', 'playbooks']),
    );
    await succeeded(door.create(fromTemplate(), plan as string));
    const { body: made } = await anna.get(`${path}/history/1/changes`);
    expect(made.data).toHaveLength((changes as object[]).length);
    expectRefusal(await door.create(fromTemplate(), plan as string), 409, 'plan.used');
  });

  it('is not created by the plan of another input, or once the id is taken', async () => {
    const plan = await planOf(door);
    for (const other of [{ name: 'Other' }, { templateId: undefined }, { description: 'Other.' }]) {
      expectRefusal(await door.create({ ...fromTemplate(), ...other }, plan), 409, 'plan.mismatch');
    }
    await dana.createAgent({ id, name: 'Hers' });
    expectRefusal(await door.create(fromTemplate(), plan), 412, 'plan.stale');
    expect((await anna.get(path)).body).toMatchObject({ name: 'Hers' });
  });

  it('with a taken id is refused, and its plan says so', async () => {
    await dana.createAgent({ id, name: 'Hers' });
    expectRefusal(await door.create(fromTemplate()), 409, 'agent.id_taken');
    const { plan, changes, blockers } = await succeeded(door.plan(fromTemplate()));
    expect(plan ?? undefined).toBeUndefined();
    expect(changes).toEqual([]);
    expect(blockers).toMatchObject([{ code: 'agent.id_taken' }]);
  });

  it('has no plan without an id', async () => {
    const { id: _, ...unnamed } = fromTemplate();
    expectRefusal(await door.plan(unnamed), 400, 'request.invalid', ['id']);
    const plan = await planOf(door);
    expectRefusal(await door.create(unnamed, plan), 409, 'plan.mismatch');
  });

  it('of a template that does not exist is refused', async () => {
    const unknown = { ...fromTemplate(), templateId: '@anychat/agent-template.none' };
    expectRefusal(await door.create(unknown), 404, 'catalog.not_found');
    expectRefusal(await door.plan(unknown), 404, 'catalog.not_found');
    expect((await anna.get(path)).status).toBe(404);
  });

  it('requires the right to apply templates, unlike an empty agent', async () => {
    const writer = await server.as('editor', ['agents:read', 'agents:write']);
    const applier = await server.as('editor', ['agents:read', 'templates:apply']);
    for (const client of [writer, applier]) {
      for (const refused of [
        await door.create(fromTemplate(), undefined, client),
        await door.plan(fromTemplate(), client),
      ]) {
        expectRefusal(refused, 403, 'auth.scope_missing');
      }
    }
    const { templateId: _, ...empty } = fromTemplate();
    const { plan } = await succeeded(door.plan(empty, writer));
    await succeeded(door.create(empty, plan as string, writer));
    expect(await exported()).toMatchObject({ personality: null });
  });
});
