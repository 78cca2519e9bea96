import { isDeepStrictEqual } from 'node:util';
import {
  byGraphql,
  byRest,
  byYoga,
  commonOf,
  expectedOfRest,
  graphqlBody,
  type Outcome,
  type Resolved,
  variablesOf,
} from './doors.ts';
import {
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

  constructor(call: Call, answers: Readonly<Record<string, unknown>>) {
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
  for (const step of steps) {
    const answers = await Promise.all(runs.map((run) => run.step(step, coverage.steps)));
    const [first] = answers;
    for (const other of answers.slice(1)) {
      if (!isDeepStrictEqual(first, other)) {
        const call = 'call' in step ? step.call : { step };
        throw new Difference(call as Call, { 'first store': first, 'other store': other });
      }
    }
    coverage.steps += 1;
  }
}

/** A history in one org of one site. */
class Run {
  readonly #site: Site;
  readonly #org: Org;
  readonly #coverage: Coverage;
  #tags: readonly string[] = [];

  constructor(site: Site, org: Org, coverage: Coverage) {
    this.#site = site;
    this.#org = org;
    this.#coverage = coverage;
  }

  /** @returns what must be the same in every store */
  async step(step: Step, number: number): Promise<unknown> {
    const requestId = `step-${number}`;
    switch (step.kind) {
      case 'read':
        return this.#neutral(await this.#read(step.call, requestId));
      case 'write':
        return this.#neutral(await this.#write(step, requestId));
      case 'scopes': {
        const call = this.#org.scopesCall(step.scopes);
        return this.#neutral(await this.#write({ call, door: step.door }, requestId));
      }
      case 'burst':
        await this.#burst(step.writes, step.reads, requestId);
        return undefined;
      case 'member':
        return this.#org.setRole(step.role);
      case 'key':
        return this.#org.setKey(step.role);
      case 'traffic':
        return this.#org.addTraffic(step.agent, step.number);
    }
  }

  #neutral({ status, headers, body }: Outcome): unknown {
    const { etag, location = '' } = headers;
    return { status, etag, location: this.#org.neutral(location), body: this.#org.neutral(body) };
  }

  /** Asks every variant, and compares what they answer. @returns the REST answer */
  async #read(call: Call, requestId: string): Promise<Outcome> {
    const asked = this.#org.resolve(call, requestId);
    const { kept, fresh } = this.#site;
    const { values } = variablesOf(asked);
    // The second of two equal requests is answered from what the first one left.
    const [restFresh, restKept, jitFresh, jsFresh, jitKept, yoga] = await Promise.all([
      byRest(fresh, asked),
      byRest(kept, asked).then(async (first) => [first, await byRest(kept, asked)] as const),
      byGraphql(fresh, asked, values, 'jit'),
      byGraphql(fresh, asked, values, 'js'),
      byGraphql(kept, asked, values, 'jit').then(
        async (first) => [first, await byGraphql(kept, asked, values, 'jit')] as const,
      ),
      byYoga(kept, asked, values),
    ]);
    assertEqual(asked, {
      'rest fresh': restFresh,
      'rest kept': restKept[0],
      'rest kept again': restKept[1],
    });
    assertEqual(asked, {
      'jit fresh': jitFresh,
      'js fresh': jsFresh,
      'jit kept': jitKept[0],
      'jit kept again': jitKept[1],
    });
    if (!isDeepStrictEqual(graphqlBody(yoga), graphqlBody(jitFresh))) {
      throw new Difference(asked, { 'jit fresh': jitFresh, yoga });
    }
    this.#assertDoorsAgree(asked, restFresh, jitFresh);
    await this.#revalidate(asked, restFresh);
    this.#count(call, restFresh);
    this.#org.note(restFresh.body);
    return restFresh;
  }

  /** HEAD, and `If-None-Match` with this answer's tag and with those of earlier answers. */
  async #revalidate(asked: Resolved, answer: Outcome): Promise<void> {
    const { kept, fresh } = this.#site;
    const { etag } = answer.headers;
    const head = await byRest(kept, asked, {}, 'HEAD');
    assertEqual(asked, { GET: { ...answer, body: '' }, HEAD: head });
    if (etag === undefined) return;
    for (const tag of new Set([etag, ...this.#tags])) {
      const [fromKept, fromFresh] = await Promise.all(
        [kept, fresh].map((site) => byRest(site, asked, { 'if-none-match': tag })),
      );
      assertEqual(asked, { kept: fromKept as Outcome, fresh: fromFresh as Outcome });
      if (tag === etag || fromFresh?.status === 304) continue;
      assertEqual(asked, { plain: answer, conditional: fromFresh as Outcome });
    }
    this.#tags = [etag, ...this.#tags.filter((it) => it !== etag)].slice(0, 2);
  }

  /** Applies a write once. One that is refused changed nothing, so that every door must refuse it. */
  async #write({ call, door }: Write, requestId: string): Promise<Outcome> {
    const asked = this.#org.resolve(call, requestId);
    const outcome = await this.#send(asked, door);
    this.#count(call, outcome);
    this.#org.note(outcome.body);
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
    if (isDeepStrictEqual(actual, expected)) return;
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

/** Whether a write changed nothing. */
function wasRefused(door: WriteDoor, outcome: Outcome): boolean {
  if (door.startsWith('rest')) return outcome.status >= 400;
  const { data, errors } = graphqlBody(outcome);
  return errors !== undefined && (data == null || Object.values(data).every((it) => it === null));
}
