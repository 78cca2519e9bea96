import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Meddler, startMeddler } from '../kit/meddler.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import type { User } from '../kit/terminal.ts';
import { newWorld, userOf, type World, warmer } from './world.ts';

let server: TestServer;
let meddler: Meddler;
let user: User;

beforeAll(async () => {
  server = await startTestServer();
  meddler = await startMeddler(server.url);
  user = userOf(server, meddler.url);
});
afterAll(async () => {
  user.remove();
  await meddler.close();
  await server.stop();
});

const isApply = (body: string) => body.includes('importAgentDocument(');
const push = (world: World) => world.run('push', '--yes');
/** Beside others. */
const pushAlone = (world: World) => world.runAlone('push', '--yes');

describe('a connection that breaks between the plan and the push', () => {
  it('loses nothing if the server was not reached', async () => {
    const world = await newWorld(server, user);
    warmer(world);
    const { text } = world;
    const before = await world.version();
    meddler.decide((body) => (isApply(body) ? 'request lost' : 'passed'));
    const failed = await push(world);
    expect(failed, failed.stderr).toMatchObject({ code: 1 });
    expect(failed.stderr).toMatch(/no answer from/);
    expect(await world.version()).toBe(before);
    expect(world.text).toBe(text);

    meddler.decide(() => 'passed');
    expect(await push(world)).toMatchObject({ code: 0 });
    expect(await world.export()).toContain('You are very warm.');
  });

  it('pushes once if one answer is lost', async () => {
    const world = await newWorld(server, user);
    warmer(world);
    let lost = 0;
    meddler.decide((body) => {
      if (!isApply(body) || lost > 0) return 'passed';
      lost += 1;
      return 'answer lost';
    });
    expect(await push(world)).toMatchObject({ code: 0 });
    meddler.decide(() => 'passed');
    expect(lost).toBe(1);
    expect(await world.version()).toBe('"3"');
    expect(await world.run('status')).toMatchObject({ code: 0 });
  });

  it('finds the push made if every answer was lost', async () => {
    const world = await newWorld(server, user);
    warmer(world);
    meddler.decide((body) => (isApply(body) ? 'answer lost' : 'passed'));
    expect(await push(world)).toMatchObject({ code: 1 });
    meddler.decide(() => 'passed');
    expect(await world.version()).toBe('"3"');
    expect(await push(world)).toMatchObject({ code: 0 });
    expect(await world.version()).toBe('"3"');
    expect(await world.run('status')).toMatchObject({ code: 0 });
  });
});

it('a request that finds the server busy is sent again', async () => {
  const world = await newWorld(server, user);
  let count = 0;
  meddler.decide(() => {
    count += 1;
    return count === 1 ? 'refused as busy' : 'passed';
  });
  expect(await world.run('status')).toMatchObject({ code: 0 });
  meddler.decide(() => 'passed');
  expect(count).toBeGreaterThan(1);
});

describe('two clones that push at once', () => {
  async function clones(): Promise<readonly [World, World]> {
    const world = await newWorld(server, user);
    world.commit();
    return [world, world.clone('other')];
  }

  it('are merged if they changed different fields', async () => {
    const [one, other] = await clones();
    one.here('Offer more.', 'Offer nothing.');
    warmer(other);
    const pushed = await Promise.all([pushAlone(one), pushAlone(other)]);
    for (const it of pushed) expect(it, it.stderr).toMatchObject({ code: 0 });
    const definition = await one.export();
    expect(definition).toContain('Offer nothing.');
    expect(definition).toContain('You are very warm.');
  });

  it('conflict if they changed the same field', async () => {
    const [one, other] = await clones();
    one.here('Offer more.', 'Offer one.');
    other.here('Offer more.', 'Offer two.');
    const codes = await Promise.all([pushAlone(one), pushAlone(other)]);
    expect(codes.map(({ code }) => code).sort()).toEqual([0, 3]);
    const [won, lost] = codes[0].code === 0 ? ['one', 'two'] : ['two', 'one'];
    expect(await one.export()).toContain(`Offer ${won}.`);
    expect((codes[0].code === 0 ? other : one).text).toContain(`Offer ${lost}.`);
  });
});

describe('edits of one agent at once, by REST, GraphQL and push', () => {
  const FIELDS = 8;
  const PUSHES = 12;
  const OTHERS = 88;

  /** What an editor attempted: the value that it saw, and the one that it wrote. */
  interface Attempt {
    readonly seen: string;
    readonly wrote: string;
    readonly isDone: boolean;
  }

  const idOf = (field: number) => `field-${field}`;
  const fieldsOf = (wait: number, count: number) =>
    fc.sample(fc.record({ field: fc.nat(FIELDS - 1), pause: fc.nat(wait) }), count);

  async function agentWithFields(): Promise<World> {
    const world = await newWorld(server, user);
    const objectives = Array.from({ length: FIELDS }, (_, i) => ({
      id: idOf(i),
      name: `Field ${i}`,
      body: `start ${i}`,
    }));
    await world.there('POST', '/import', { objectives });
    expect(await world.run('pull')).toMatchObject({ code: 0 });
    world.commit();
    return world;
  }

  /** Edits the file and pushes. A push that is refused is followed by a pull of their side. */
  async function pushing(world: World, name: string): Promise<readonly Attempt[]> {
    const attempts: Attempt[] = [];
    for (const [i, { field }] of fieldsOf(0, PUSHES).entries()) {
      const place = new RegExp(`(- id: ${idOf(field)}\\n(?: {4}.*\\n)*? {4}body: )(.*)`);
      const seen = place.exec(world.text)?.[2] ?? '';
      const wrote = `${name} ${i}`;
      world.here(place, `$1${wrote}`);
      const { code, stdout, stderr } = await pushAlone(world);
      expect([0, 3], stdout + stderr).toContain(code);
      attempts.push({ seen, wrote, isDone: code === 0 });
      if (code === 3) {
        const pulled = await world.runAlone('pull', '--on-conflict', 'theirs');
        expect(pulled, pulled.stdout + pulled.stderr).toMatchObject({ code: 0 });
      }
    }
    return attempts;
  }

  /** Changes one field of the version that was read, which must still be the newest. */
  async function byRest({ agent }: World): Promise<readonly Attempt[]> {
    const path = `/orgs/acme/agents/${agent}`;
    const attempts: Attempt[] = [];
    for (const [i, { field, pause }] of fieldsOf(150, OTHERS).entries()) {
      const version = (await server.owner.get(path)).headers.get('etag') ?? '';
      const read = await server.owner.get(`${path}/objectives/${idOf(field)}`);
      const seen = String(read.body.body);
      await delay(pause);
      const wrote = `rest ${i}`;
      const { status } = await server.owner.patch(
        `${path}/objectives/${idOf(field)}`,
        { body: wrote },
        { 'If-Match': version },
      );
      expect([200, 412]).toContain(status);
      attempts.push({ seen, wrote, isDone: status === 200 });
    }
    return attempts;
  }

  const READ = `query ($agent: ID!) {
    org(id: "acme") { agent(id: $agent) { version export(format: JSON) } }
  }`;
  const IMPORT = `mutation ($agent: ID!, $document: String!, $base: Int!) {
    importAgent(org: "acme", agent: $agent, document: $document, base: $base) { agent { version } }
  }`;

  /** Merges a whole definition, as an editor of documents does. */
  async function byGraphql({ agent }: World): Promise<readonly Attempt[]> {
    const attempts: Attempt[] = [];
    for (const [i, { field, pause }] of fieldsOf(150, OTHERS).entries()) {
      const { org } = (await server.owner.query(READ, { agent })) as {
        org: { agent: { version: number; export: string } };
      };
      const definition = JSON.parse(org.agent.export) as {
        objectives: { id: string; body: string }[];
      };
      const objective = definition.objectives.find(({ id }) => id === idOf(field));
      if (!objective) throw new Error(`no ${idOf(field)}`);
      const seen = objective.body;
      objective.body = `graphql ${i}`;
      await delay(pause);
      const { errors = [] } = await server.owner.graphql(IMPORT, {
        agent,
        document: JSON.stringify(definition),
        base: org.agent.version,
      });
      const codes = errors.map(({ extensions }) => extensions.code);
      expect([[], ['merge.conflict']]).toContainEqual(codes);
      attempts.push({ seen, wrote: objective.body, isDone: errors.length === 0 });
    }
    return attempts;
  }

  it('are each merged or reported, and none replaces what its author had not seen', async () => {
    const world = await agentWithFields();
    const attempts = (
      await Promise.all([
        pushing(world, 'one'),
        pushing(world.clone('two'), 'two'),
        byRest(world),
        byGraphql(world),
      ])
    ).flat();
    expect(attempts).toHaveLength(2 * PUSHES + 2 * OTHERS);

    const made = await changesOf(world);
    for (const { seen, wrote, isDone } of attempts) {
      const found = made
        .filter(({ after }) => after === wrote)
        .map(({ before, after }) => ({ before, after }));
      expect({ wrote, found }).toEqual({
        wrote,
        found: isDone ? [{ before: seen, after: wrote }] : [],
      });
    }
    const merged = attempts.filter(({ isDone }) => isDone).length;
    expect(merged).toBeGreaterThan(attempts.length / 4);
    const definition = await world.export();
    for (let field = 0; field < FIELDS; field += 1) {
      const last = made.findLast(({ id }) => id === idOf(field));
      if (last) expect(definition).toContain(`body: ${last.after}\n`);
    }
  });

  interface Made {
    readonly before: unknown;
    readonly after: unknown;
  }

  /** Every change of a field, oldest first. */
  async function changesOf(world: World): Promise<readonly (Made & { readonly id: string })[]> {
    const versions = Number((await world.version())?.replaceAll('"', ''));
    const made = [];
    for (let version = 4; version <= versions; version += 1) {
      const { body } = await world.there('GET', `/history/${version}/changes`);
      const changes = body.data as readonly (Made & { itemId: string; path: string })[];
      for (const { itemId, before, after } of changes) made.push({ id: itemId, before, after });
    }
    return made;
  }
});
