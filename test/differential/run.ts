import { isDeepStrictEqual } from 'node:util';
import {
  byGraphql,
  byRest,
  byYoga,
  type Common,
  commonOf,
  expectedOfRest,
  graphqlBody,
  type Outcome,
  type Resolved,
  variablesOf,
} from './doors.ts';
import {
  type Against,
  type Call,
  routeOf,
  type Step,
  WRITE_DOORS,
  type Write,
  type WriteDoor,
} from './history.ts';
import { Org, type Site } from './world.ts';

/** Two answers to one request that must be the same. */
export class Difference extends Error {
  override readonly name = 'Difference';

  constructor(call: Call | Step, answers: Readonly<Record<string, unknown>>) {
    const shown = Object.entries(answers).map(([name, it]) => `${name}: ${JSON.stringify(it)}`);
    super([`the answers differ to ${JSON.stringify(call)}`, ...shown].join('\n  '));
  }
}

type Answers = Readonly<Record<string, Outcome>>;

/** What a run came across. */
export interface Coverage {
  steps: number;
  /** Answers compared, by route and status. */
  readonly answers: Map<string, number>;
}

export function newCoverage(): Coverage {
  return { steps: 0, answers: new Map() };
}

let orgs = 0;

/**
 * Runs a history in a new org at each site, and compares every answer.
 *
 * @throws Difference
 */
export async function runHistory(
  sites: readonly Site[],
  steps: readonly Step[],
  coverage: Coverage,
): Promise<void> {
  orgs += 1;
  const id = `org-${orgs}`;
  const runs = await Promise.all(
    sites.map(async (site) => new Run(site, await Org.create(site, id), coverage)),
  );
  coverage.steps = 0;
  while (coverage.steps < steps.length) {
    const batch = batchAt(steps, coverage.steps);
    const outcomes = await Promise.all(runs.map((run) => run.batch(batch, coverage.steps)));
    batch.forEach((step, i) => {
      const answers = runs.map((run, of) => run.neutral(outcomes[of]?.[i]));
      if (runs.length > 1) assertStoresAgree(step, answers);
    });
    coverage.steps += batch.length;
  }
}

/** Steps that run at the same time: reads without a write between them, or one other step. */
export const MAX_BATCH = 8;

function batchAt(steps: readonly Step[], start: number): readonly Step[] {
  let end = start;
  while (end - start < MAX_BATCH && steps[end]?.kind === 'read') end += 1;
  return steps.slice(start, Math.max(end, start + 1));
}

/** @param answers one for each store, without what differs from store to store */
function assertStoresAgree(step: Step, [first, ...others]: readonly unknown[]): void {
  if (step.kind === 'read' && isSearch(step.call)) return;
  for (const other of others) {
    if (isDeepStrictEqual(first, other)) continue;
    throw new Difference(step, { 'first store': first, 'other store': other });
  }
}

/** A search lists people of one name in the order of their ids, which are random. */
function isSearch({ query: { q = '' } }: Call): boolean {
  return q !== '';
}

/** A history in one org of one site. */
class Run {
  readonly #site: Site;
  readonly #org: Org;
  readonly #coverage: Coverage;
  /** The last tag of each route, of any agent. */
  readonly #tags = new Map<string, string>();

  constructor(site: Site, org: Org, coverage: Coverage) {
    this.#site = site;
    this.#org = org;
    this.#coverage = coverage;
  }

  /** @returns for each step the answer, if it has one that is the same in every store */
  async batch(steps: readonly Step[], start: number): Promise<readonly (Outcome | undefined)[]> {
    const outcomes = await Promise.all(steps.map((step, i) => this.#step(step, start + i)));
    // In the order of the steps, so that a history is the same each time it runs.
    for (const outcome of outcomes) this.#org.note(outcome?.body ?? '');
    return outcomes;
  }

  async #step(step: Step, number: number): Promise<Outcome | undefined> {
    const requestId = `step-${number}`;
    switch (step.kind) {
      case 'read':
        return this.#read(step.call, step.against, requestId);
      case 'write':
        return this.#write(step, requestId);
      case 'scopes': {
        const call = this.#org.scopesCall(step.scopes);
        return this.#write({ call, door: step.door }, requestId);
      }
      case 'burst':
        await this.#burst(step.writes, step.reads, requestId);
        return undefined;
      case 'member':
        await this.#org.setRole(step.role);
        return undefined;
      case 'key':
        await this.#org.setKey(step.role);
        return undefined;
      case 'traffic':
        await this.#org.addTraffic(step.agent, step.number);
        return undefined;
    }
  }

  /** An answer without what differs from store to store. */
  neutral(outcome: Outcome | undefined): unknown {
    if (!outcome) return undefined;
    const { status, headers, body } = outcome;
    const { etag, location = '' } = headers;
    return { status, etag, location: this.#org.neutral(location), body: this.#org.neutral(body) };
  }

  /** Compares kept answers with executed ones. @returns the REST answer */
  async #read(call: Call, against: Against, requestId: string): Promise<Outcome> {
    const asked = this.#org.resolve(call, requestId);
    const { kept, fresh } = this.#site;
    const { values } = variablesOf(asked);
    const [rest, restKept, jitKept, other] = await Promise.all([
      byRest(fresh, asked),
      byRest(kept, asked),
      byGraphql(kept, asked, values, 'jit'),
      this.#other(asked, values, against),
    ]);
    assertEqual(asked, { rest, 'rest kept': restKept });
    if (other && against !== 'yoga') assertEqual(asked, { 'jit kept': jitKept, [against]: other });
    else if (other && !isDeepStrictEqual(graphqlBody(other), graphqlBody(jitKept))) {
      throw new Difference(asked, { 'jit kept': jitKept, yoga: other });
    }
    this.#assertDoorsAgree(asked, rest, jitKept);
    if (against === 'conditions') await this.#revalidate(asked, rest);
    this.#count(call, rest);
    return rest;
  }

  async #other(
    asked: Resolved,
    values: Readonly<Record<string, unknown>>,
    against: Against,
  ): Promise<Outcome | undefined> {
    const { kept, fresh } = this.#site;
    if (against === 'conditions') return undefined;
    if (against === 'yoga') return byYoga(kept, asked, values);
    return byGraphql(fresh, asked, values, against === 'js fresh' ? 'js' : 'jit');
  }

  /** HEAD, and `If-None-Match` with this answer's tag or an earlier one's. */
  async #revalidate(asked: Resolved, answer: Outcome): Promise<void> {
    const { kept, fresh } = this.#site;
    const { etag } = answer.headers;
    const tag = this.#tags.get(asked.route) ?? etag;
    const headers = tag === undefined ? {} : { 'if-none-match': tag };
    const [head, fromKept, fromFresh] = await Promise.all([
      byRest(kept, asked, {}, 'HEAD'),
      byRest(kept, asked, headers),
      byRest(fresh, asked, headers),
    ]);
    assertEqual(asked, { GET: { ...answer, body: '' }, HEAD: head });
    assertEqual(asked, { kept: fromKept, fresh: fromFresh });
    if (fromFresh.status !== 304) assertEqual(asked, { plain: answer, conditional: fromFresh });
    else if (tag !== etag) throw new Difference(asked, { plain: answer, conditional: fromFresh });
    if (etag !== undefined) this.#tags.set(asked.route, etag);
  }

  /** Applies a write once. One that is refused changed nothing, so that every door must refuse it. */
  async #write({ call, door }: Write, requestId: string): Promise<Outcome> {
    const asked = this.#org.resolve(call, requestId);
    const outcome = await this.#send(asked, door);
    this.#count(call, outcome);
    if (!wasRefused(door, outcome)) return outcome;
    const answers: Record<string, Outcome> = { [door]: outcome };
    for (const other of WRITE_DOORS) {
      if (other !== door) answers[other] = await this.#send(asked, other);
    }
    const of = (name: string) =>
      Object.fromEntries(Object.entries(answers).filter(([it]) => it.startsWith(name)));
    assertEqual(asked, of('rest'));
    assertEqual(asked, of('j'));
    const [rest, graphql] = [answers['rest fresh'], answers['jit fresh']];
    if (rest && graphql) this.#assertDoorsAgree(asked, rest, graphql);
    return outcome;
  }

  #send(asked: Resolved, door: WriteDoor): Promise<Outcome> {
    const { kept, fresh } = this.#site;
    const served = door.endsWith('kept') ? kept : fresh;
    if (door.startsWith('rest')) return byRest(served, asked);
    return byGraphql(
      served,
      asked,
      variablesOf(asked).values,
      door.startsWith('js') ? 'js' : 'jit',
    );
  }

  /** Writes that race with each other and with reads, whose answers may be kept. */
  async #burst(writes: readonly Write[], reads: readonly Call[], requestId: string): Promise<void> {
    const written = writes.map(async ({ call, door }) =>
      this.#send(this.#org.resolve(call, requestId), door),
    );
    const read = reads.map(async (call) => {
      const asked = this.#org.resolve(call, requestId);
      const { values } = variablesOf(asked);
      for (let i = 0; i < 3; i += 1) {
        await byRest(this.#site.kept, asked);
        await byGraphql(this.#site.kept, asked, values, 'jit');
      }
    });
    for (const outcome of await Promise.all(written)) {
      if (outcome.status >= 500) throw new Difference(writes[0]?.call as Call, { outcome });
      this.#org.note(outcome.body);
    }
    await Promise.all(read);
  }

  #assertDoorsAgree(asked: Resolved, rest: Outcome, graphql: Outcome): void {
    const expected = expectedOfRest(asked, graphql);
    const actual = commonOf(rest);
    if (isDeepStrictEqual(inOneSpelling(actual), inOneSpelling(expected))) return;
    if (isKnownDifference(asked, actual, expected)) return;
    throw new Difference(asked, { 'by REST': actual, 'by GraphQL': expected });
  }

  #count({ route }: Call, { status }: Outcome): void {
    const key = `${status} ${route}`;
    this.#coverage.answers.set(key, (this.#coverage.answers.get(key) ?? 0) + 1);
  }
}

function assertEqual(asked: Resolved, answers: Answers): void {
  const [first, ...others] = Object.values(answers);
  if (others.some((other) => !isDeepStrictEqual(first, other)))
    throw new Difference(asked, answers);
}

/** The words of enums are not the same in GraphQL and REST. */
function inOneSpelling(answer: Common): unknown {
  if (answer.status !== 400) return answer;
  return JSON.parse(JSON.stringify(answer).replace(/must be one of [^"]*/g, 'must be one of …'));
}

/** What the doors do not promise to have in common. */
function isKnownDifference(asked: Resolved, rest: Common, graphql: Common): boolean {
  // GraphQL accepts one item in place of a list.
  if (rest.status === 400 && JSON.stringify(rest.body).includes('must be a list')) return true;
  // REST accepts a list in place of an object that has one, and names places in the body.
  const isRefused = rest.status === 400 && graphql.status === 400;
  if (isRefused && asked.route.endsWith('/_reorder') && Array.isArray(asked.body)) return true;
  if (rest.status !== 403 && rest.status !== 404) return false;
  // REST checks rights before it reads values; in GraphQL all variables are read first.
  if (codeOf(graphql) === 'request.invalid') return !variablesOf(asked).valid;
  if (rest.status !== 403 || !routeOf(asked).pickPath.includes('activity')) return false;
  // `Org.activity` accepts several scopes: it names all of them, or refuses an agent that does not
  // exist, before the rights of its fields are checked. REST names the scope of the route.
  return codeOf(graphql) === 'agent.not_found' || codeOf(graphql) === codeOf(rest);
}

function codeOf({ body }: Common): unknown {
  return (body as { readonly code?: unknown } | undefined)?.code;
}

/** Whether a write changed nothing. */
function wasRefused(door: WriteDoor, outcome: Outcome): boolean {
  if (door.startsWith('rest')) return outcome.status >= 400;
  const { data, errors } = graphqlBody(outcome);
  return errors !== undefined && (data == null || Object.values(data).every((it) => it === null));
}
