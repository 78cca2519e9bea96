import { invalid } from '../domain/errors.ts';
import { HIGHEST } from '../domain/search-text.ts';
import type { PagedQuery, PageRequest, Scanner } from '../paging/pager.ts';
import type { Collection, Page, RangeScan } from '../store/port.ts';
import { compareText } from '../store/text.ts';
import type { Work } from '../work.ts';
import { type AgentDoc, MATCHED } from './collection.ts';
import { comparedName, isMatch, SEARCHED_WORDS } from './search-fields.ts';

/** The orders of a list of agents, as REST spells them; `-` is the reverse order. */
export const AGENT_SORTS = ['createdAt', '-createdAt', 'name', '-name', '-updatedAt'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];

export interface AgentQuery extends PageRequest {
  /** Finds agents by the start of their id, or of a word of their name. */
  readonly query?: string | null | undefined;
  /** `-createdAt` when left out. */
  readonly sort?: AgentSort | null | undefined;
}

interface Order {
  readonly index: string;
  /** The field that the index orders by. */
  readonly field: (typeof MATCHED)[number];
  readonly reverse: boolean;
}

const ORDERS: Readonly<Record<AgentSort, Order>> = {
  createdAt: { index: 'byOrg', field: 'uid', reverse: false },
  '-createdAt': { index: 'byOrg', field: 'uid', reverse: true },
  name: { index: 'qName', field: 'qName', reverse: false },
  '-name': { index: 'qName', field: 'qName', reverse: true },
  '-updatedAt': { index: 'byUpdate', field: 'updatedAt', reverse: true },
};

/** Matches that are sorted for each page. More are found by a scan in the order of the list. */
const MAX_SORTED = 500;

/** A query of agents, as the pager reads it. */
export interface AgentPages {
  /** What page tokens are sealed to, beside the scan. */
  readonly name: string;
  readonly query: PagedQuery<AgentDoc>;
  readonly scanner: Scanner<AgentDoc>;
}

/**
 * The pages of a list of agents.
 *
 * A search reads the indexes of names and ids. If they have few matches, it sorts these; otherwise
 * it scans the list in its order and leaves out what does not match. The results and the positions
 * in them are the same, so a page token is valid for either.
 *
 * @param fields the parts of an agent to read
 * @throws DomainError `request.invalid` on a blank query
 */
export async function agentPages(
  work: Work,
  agents: Collection<AgentDoc>,
  org: string,
  { query, sort }: AgentQuery,
  fields: readonly string[],
): Promise<AgentPages> {
  const order = ORDERS[sort ?? '-createdAt'];
  const scans = [{ index: order.index, eq: [org], reverse: order.reverse }];
  if (query == null) return { name: 'agents', query: { scans, fields }, scanner: agents };
  const text = comparedName(query);
  if (text === '') throw invalid([{ path: 'query', message: 'must not be blank' }]);
  const name = JSON.stringify(['agents', text]);
  const matches = await work.inTurn(() => matchesOf(work, agents, org, text));
  if (matches) {
    const scanner = new SortedMatches(agents, matches, order);
    return { name, query: { scans, fields }, scanner };
  }
  const keep = (agent: AgentDoc) => isMatch(agent, text);
  const filtered = { scans, fields: ['name', ...fields], keep, untilFound: true };
  return { name, query: filtered, scanner: agents };
}

type Match = Pick<AgentDoc, 'key' | (typeof MATCHED)[number]>;

/** Undefined if there are more than can be sorted for each page. */
async function matchesOf(
  work: Work,
  agents: Collection<AgentDoc>,
  org: string,
  text: string,
): Promise<readonly Match[] | undefined> {
  const scans = [...SEARCHED_WORDS, 'byId'].map((index) => ({
    index,
    eq: [org],
    from: text,
    before: text + HIGHEST,
    limit: MAX_SORTED,
    fields: MATCHED,
  }));
  const matches = new Map<string, Match>();
  for (const { docs, more } of await agents.scanMany(work, scans)) {
    if (more) return undefined;
    for (const doc of docs) matches.set(doc.key, doc);
  }
  return matches.size > MAX_SORTED ? undefined : [...matches.values()];
}

/** Matches in the order of a list, read as the index of that order would be. */
class SortedMatches implements Scanner<AgentDoc> {
  readonly #agents: Collection<AgentDoc>;
  readonly #sorted: readonly Match[];
  readonly #order: Order;
  readonly #positions: ReadonlyMap<string, string>;

  constructor(agents: Collection<AgentDoc>, matches: readonly Match[], order: Order) {
    const { field, reverse } = order;
    const direction = reverse ? -1 : 1;
    this.#agents = agents;
    this.#order = order;
    this.#positions = new Map(matches.map((it) => [it.key, it[field]]));
    this.#sorted = [...matches].sort(
      (a, b) => direction * (compareText(a[field], b[field]) || compareText(a.key, b.key)),
    );
  }

  async scan(work: Work, { after, limit, fields }: RangeScan): Promise<Page<AgentDoc>> {
    const cursorOf = ({ key }: AgentDoc) => ({ key, order: this.#positions.get(key) ?? '' });
    const rest = after ? this.#sorted.filter((it) => this.#isBehind(it, after)) : this.#sorted;
    for (let start = 0; ; start += limit) {
      const keys = rest.slice(start, start + limit).map(({ key }) => key);
      const found = await this.#agents.getMany(work, keys, fields);
      // Without those that were removed since they were found.
      const docs = found.filter((it) => it !== undefined);
      const more = rest.length > start + limit;
      if (docs.length > 0 || !more) return { docs, more, cursorOf };
    }
  }

  #isBehind(match: Match, after: NonNullable<RangeScan['after']>): boolean {
    const { field, reverse } = this.#order;
    const place = compareText(match[field], after.order) || compareText(match.key, after.key);
    return reverse ? place < 0 : place > 0;
  }
}
