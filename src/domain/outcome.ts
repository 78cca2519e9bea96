import type { DomainError, Problem } from './errors.ts';
import type { ItemChange } from './items.ts';

/** What a change would make of an agent, and why it may not be made. */
export interface Outcome<T> extends ItemChange<T> {
  /** Unset if the change can be made. */
  readonly refusal?: DomainError | undefined;
}

/** @throws DomainError the refusal, if there is one */
export function accepted<T>({ agent, item, refusal }: Outcome<T>): ItemChange<T> {
  if (refusal) throw refusal;
  return { agent, item };
}

/** The text of one problem, or how many there are. */
export function problemList(problems: readonly Problem[]): string {
  const [first] = problems;
  return problems.length === 1 && first
    ? `${first.path}: ${first.message}`
    : `${problems.length} problems`;
}
