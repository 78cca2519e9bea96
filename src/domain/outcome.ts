import type { Agent } from './agents.ts';
import type { DomainError, Problem } from './errors.ts';
import type { ItemChange } from './items.ts';
import type { Conflict } from './merge.ts';

/** What a change would make of an agent, and why it may not be made: `accepted` says whether it may. */
export interface Outcome<T> {
  readonly after: Agent;
  readonly item: T;
  /** Unset if the change can be made. */
  readonly refusal?: DomainError | undefined;
  /** Of a merge: those that a side wins, too. */
  readonly conflicts?: readonly Conflict[];
}

/** @throws DomainError the refusal, if there is one */
export function accepted<T>({ after, item, refusal }: Outcome<T>): ItemChange<T> {
  if (refusal) throw refusal;
  return { agent: after, item };
}

/** The text of one problem, or how many there are. */
export function problemList(problems: readonly Problem[]): string {
  const [first] = problems;
  return problems.length === 1 && first
    ? `${first.path}: ${first.message}`
    : `${problems.length} problems`;
}
