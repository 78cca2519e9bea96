import type { Agent } from '../domain/agents.ts';
import { searchText } from '../domain/search-text.ts';

/**
 * The texts by which an agent is searched and sorted: its name from each of its first words on.
 * A field is unset where the name has fewer words.
 */
export interface AgentSearchFields {
  /** The whole name, as names are compared. */
  readonly qName: string;
  readonly qName2?: string;
  readonly qName3?: string;
  readonly qName4?: string;
  readonly qName5?: string;
  readonly qName6?: string;
  readonly qName7?: string;
  readonly qName8?: string;
}

export const SEARCHED_WORDS = [
  'qName',
  'qName2',
  'qName3',
  'qName4',
  'qName5',
  'qName6',
  'qName7',
  'qName8',
] as const satisfies readonly (keyof AgentSearchFields)[];

/** The place of a word's first character. */
const WORD_START = /(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}]/gu;

/**
 * A name, or a text that is searched: without regard to case, to how accents are composed and to
 * the length of white space, and without what precedes the first letter or digit.
 */
export function comparedName(name: string): string {
  const text = searchText(name).replace(/\s+/gu, ' ');
  const start = text.search(WORD_START);
  return start > 0 ? text.slice(start) : text;
}

export function agentSearchFields(name: string): AgentSearchFields {
  const qName = comparedName(name);
  const starts = [...qName.matchAll(WORD_START)].map(({ index }) => index).filter((it) => it > 0);
  const others = SEARCHED_WORDS.slice(1).flatMap((field, i) => {
    const start = starts[i];
    return start === undefined ? [] : [[field, qName.slice(start)]];
  });
  return { qName, ...Object.fromEntries(others) };
}

/** The search fields that an agent has. */
export function searchFieldsOf(fields: AgentSearchFields): AgentSearchFields {
  const { qName } = fields;
  const others = SEARCHED_WORDS.flatMap((field) => {
    const text = fields[field];
    return text === undefined ? [] : [[field, text]];
  });
  return { qName, ...Object.fromEntries(others) };
}

/** The agent without its search fields. */
export function withoutSearchFields<A extends Agent>(agent: A): Omit<A, keyof AgentSearchFields> {
  const { qName, qName2, qName3, qName4, qName5, qName6, qName7, qName8, ...rest } = agent as A &
    Partial<AgentSearchFields>;
  return rest;
}

/**
 * Whether a search finds the agent: its id, or its name from one of its first words on, starts
 * with the text.
 *
 * @param text as `comparedName` returns it
 */
export function isMatch({ id, name }: Pick<Agent, 'id' | 'name'>, text: string): boolean {
  if (id.startsWith(text)) return true;
  return Object.values(agentSearchFields(name)).some((it: string) => it.startsWith(text));
}
