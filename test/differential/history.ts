import type { GraphQLInputType, GraphQLSchema } from 'graphql';
import { type CompiledRoute, compileRoute } from '../../rest-compat/compile.ts';
import { routes } from '../../rest-compat/routes/index.ts';
import { buildSchema } from '../../schema/index.ts';
import { ROLES, type Role, SCOPES, type Scope } from '../../src/auth/rights.ts';
import type { Random } from './random.ts';
import { AGENTS, Bodies, catalogIds, ITEMS, TOOLS } from './values.ts';

export const schema: GraphQLSchema = buildSchema();
const compiled = routes.map((route) => compileRoute(schema, route));
const byName = new Map(compiled.map((route) => [nameOf(route), route]));
const isCatalog = ({ path }: CompiledRoute) => path.startsWith('/catalogs/');
const catalogReads = compiled.filter(isCatalog);
const reads = compiled.filter((route) => route.method === 'GET' && !isCatalog(route));
const writes = compiled.filter(({ method }) => method !== 'GET');

export function nameOf({ method, path }: Pick<CompiledRoute, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** @throws Error when there is no such route */
export function routeOf({ route }: Call): CompiledRoute {
  const found = byName.get(route);
  if (!found) throw new Error(`no route ${route}`);
  return found;
}

/**
 * The principals. `changing` is a key with changing scopes, `revocable` a key that is deleted and
 * created again, `user` a signed-in user with a changing role.
 */
const CALLERS = [
  ...['owner', 'owner', 'owner', 'owner', 'owner', 'owner', 'admin', 'editor', 'editor'],
  ...['viewer', 'viewer', 'user', 'user', 'changing', 'changing', 'revocable', 'revocable'],
  ...['without scopes', 'stranger', 'nobody', 'mistyped'],
] as const;

/**
 * One request, in no door's words. `#org`, `#token` (of a page)
 * and ids such as `#person:0` (the latest person) are placeholders for values that only a run knows.
 */
export interface Call {
  /** Such as `GET /orgs/{org}`. */
  readonly route: string;
  readonly caller: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A version, or the agent's version at an earlier read. */
  readonly ifMatch?: string;
  readonly accept?: string;
}

export const WRITE_DOORS = [
  'rest kept',
  'rest fresh',
  'jit kept',
  'jit fresh',
  'js fresh',
] as const;
export type WriteDoor = (typeof WRITE_DOORS)[number];

/** A write, and the door that it goes through. */
export interface Write {
  readonly call: Call;
  readonly door: WriteDoor;
}

/** What a read's kept answers are compared with, beside a REST request that is executed. */
const AGAINST = ['jit fresh', 'js fresh', 'yoga', 'conditions'] as const;
export type Against = (typeof AGAINST)[number];

/** One step of a history. Steps are plain data: a history can be printed, cut and run again. */
export type Step =
  | { readonly kind: 'read'; readonly call: Call; readonly against: Against }
  | ({ readonly kind: 'write' } & Write)
  /** Writes, and reads that race with them and are not compared. */
  | { readonly kind: 'burst'; readonly writes: readonly Write[]; readonly reads: readonly Call[] }
  /** The user's role; undefined ends the membership. */
  | { readonly kind: 'member'; readonly role: Role | undefined }
  /** Deletes the key of `revocable`, or creates a new one. */
  | { readonly kind: 'key'; readonly role: Role | undefined }
  | { readonly kind: 'scopes'; readonly scopes: readonly Scope[]; readonly door: WriteDoor }
  | { readonly kind: 'traffic'; readonly agent: string; readonly number: number };

const agents = '/orgs/{org}/agents';
const creations = (agent: string): Call[] =>
  (
    [
      ['POST', '', { id: agent, name: `Agent ${agent}` }],
      ['POST', '/{agent}/apply-template', { templateId: catalogIds('agent-templates')[0] }],
      ['POST', '/{agent}/people', { firstName: 'Ann', customFields: { plan: 'pro' } }],
      ['POST', '/{agent}/objectives', { id: 'x', name: 'X', body: 'Do x' }],
      ['POST', '/{agent}/skills', { id: 'x', name: 'X', body: 'Can x' }],
      ['POST', '/{agent}/message-templates', { id: 'x', name: 'X', body: 'Hi {person.firstName}' }],
      ['POST', '/{agent}/playbooks', { id: 'x', name: 'X', body: 'Play x', skillRefs: ['x'] }],
      ['PUT', '/{agent}/tool-bindings/{toolId}', { config: {} }],
      ['PUT', '/{agent}/outreach', { greetingTemplateId: 'x' }],
    ] as const
  ).map(([method, path, body]) => ({
    route: `${method} ${agents}${path}`,
    caller: 'owner',
    params: {
      org: '#org',
      ...(path.includes('{agent}') && { agent }),
      ...(path.includes('{toolId}') && { toolId: TOOLS[0] ?? '' }),
    },
    query: {},
    body,
  }));

/** Every history begins with agents that have every part, and creates them again later. */
const CREATIONS: readonly Call[] = ['a', 'b'].flatMap(creations);

/** A read is repeated while its neighbourhood changes: so kept answers are used, and become stale. */
const FOCUS = 10;
const FOCUS_STEPS = 60;

/**
 * A random history.
 *
 * @param bursts whether writes may race: then two stores need not agree
 */
export function historyOf(random: Random, length: number, bursts: boolean): Step[] {
  let focus: Call[] = [];
  return Array.from({ length }, (_, at): Step => {
    if (at % FOCUS_STEPS === 0) focus = Array.from({ length: FOCUS }, () => readCall(random));
    const first = CREATIONS[at];
    if (first) return { kind: 'write', call: first, door: 'rest kept' };
    const chosen = random.next();
    if (chosen < 0.5) return read(random, random.pick(focus));
    if (chosen < 0.74) return read(random, readCall(random));
    if (chosen < 0.93) return { kind: 'write', ...write(random) };
    if (chosen < 0.96) {
      if (!bursts) return { kind: 'write', ...write(random) };
      return {
        kind: 'burst',
        writes: Array.from({ length: 2 + random.below(3) }, () => write(random)),
        reads: Array.from({ length: 3 }, () => random.pick(focus)),
      };
    }
    if (chosen < 0.97) return { kind: 'member', role: maybe(random, ROLES) };
    if (chosen < 0.98) return { kind: 'key', role: maybe(random, ROLES) };
    if (chosen < 0.99) {
      return { kind: 'scopes', scopes: [...new Set(random.some(SCOPES, 5))], door: door(random) };
    }
    return { kind: 'traffic', agent: random.pick(AGENTS), number: at };
  });
}

const maybe = <T>(random: Random, items: readonly T[]) =>
  random.chance(0.3) ? undefined : random.pick(items);
const door = (random: Random) => random.pick(WRITE_DOORS);

function read(random: Random, call: Call): Step {
  return { kind: 'read', call, against: random.pick(AGAINST) };
}

function readCall(random: Random): Call {
  // The catalog never changes.
  const route = random.pick(random.chance(0.05) ? catalogReads : reads);
  return {
    ...target(random, route),
    query: queryOf(random, route),
    ...(route.formats && { accept: random.pick(['*/*', 'application/json', 'application/yaml']) }),
  };
}

function write(random: Random): Write {
  if (random.chance(0.25)) return { call: random.pick(CREATIONS), door: door(random) };
  const route = random.pick(writes);
  // An agent that was removed is seldom written to: mostly agents are there.
  const rare = nameOf(route) === 'DELETE /orgs/{org}/agents/{agent}' && random.chance(0.8);
  const chosen = rare ? routeOf({ route: 'POST /orgs/{org}/agents' } as Call) : route;
  const input = chosen.body;
  const call: Call = {
    ...target(random, chosen),
    query: {},
    ...(input && { body: bodyOf(new Bodies(random, chosen.path), chosen, input) }),
    ...(chosen.variables.has('expectedVersion') &&
      random.chance(0.15) && { ifMatch: random.pick(['"1"', '"3"', '"-1"', '*']) }),
  };
  const strong = random.chance(0.6) ? { ...call, caller: 'owner' } : call;
  return { call: strong, door: door(random) };
}

/** A field that REST rejects in a body of arguments is no argument that GraphQL could see. */
function bodyOf(bodies: Bodies, { body }: CompiledRoute, input: GraphQLInputType): unknown {
  return body ? bodies.valid(input) : bodies.body(input);
}

function target(random: Random, route: CompiledRoute): Pick<Call, 'route' | 'caller' | 'params'> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return {
    route: nameOf(route),
    caller: random.pick(CALLERS),
    params: Object.fromEntries(names.map((name) => [name, param(random, name, route.path)])),
  };
}

/** Which minted id a parameter of a path names. */
const MINTED: Readonly<Record<string, string>> = {
  personId: 'person',
  keyId: 'key',
  memberId: 'member',
  webhookId: 'wh',
  bindingId: 'chan',
};

function param(random: Random, name: string, path: string): string {
  if (name === 'org') return random.chance(0.03) ? 'no-org' : '#org';
  if (name === 'agent')
    return random.chance(0.04) ? 'none' : random.pick(['a', 'a', 'a', 'a', 'b', 'b', 'c']);
  if (name === 'version') return random.pick(['1', '2', '3', '5', '8', '9999', 'x']);
  if (name === 'toolId') return random.pick([...TOOLS, 'no-tool']);
  const minted = path.includes('/outreach-links') ? 'olink' : MINTED[name];
  if (minted) return random.pick([...Array(5).fill(`#${minted}:0`), `#${minted}:1`, 'none']);
  const [, kind] = /^\/catalogs\/([\w-]+)/.exec(path) ?? [];
  return random.pick(kind === undefined ? [...ITEMS, 'x', 'x', 'x', 'y'] : catalogIds(kind));
}

const PAGES: Readonly<Record<string, readonly string[]>> = {
  limit: ['1', '2', '200', '0', 'x'],
  pageToken: ['#token', '#token', '#token', 'bad'],
  personId: ['#person:0', '#person:0', '#person:1', 'none'],
  format: ['yaml', 'json', 'xml'],
  q: ['a', 'One', ''],
  sort: ['name', '-name', '-updatedAt', 'soup'],
  channel: ['webchat', 'sms'],
  includeTest: ['true', 'false', '1'],
  start: ['2026-01-01', '2099-01-01', 'never'],
  end: ['2099-01-01', '0'],
  userId: ['ann', 'bob'],
  sessionId: ['s1', 's2'],
  status: ['new', 'contacted', 'nonsense'],
  origin: ['user', 'agent', 'nobody'],
  type: ['content', 'x'],
  level: ['info', 'error', 'x'],
  section: ['personality', 'skills', 'agent', 'people'],
  actor: ['nobody', '#key:0'],
  against: ['1', '2', '9999', 'x'],
};

function queryOf(random: Random, { query = {} }: CompiledRoute): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const name of Object.keys(query)) {
    const likely = name === 'personId' ? 0.95 : 0.2;
    if (random.chance(likely)) chosen[name] = random.pick(PAGES[name] ?? ['x']);
  }
  if (random.chance(0.02)) chosen.unknown = '1';
  return chosen;
}
