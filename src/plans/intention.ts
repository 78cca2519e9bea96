import type { Agent } from '../domain/agents.ts';
import type { DomainError } from '../domain/errors.ts';
import type { Conflict } from '../domain/merge.ts';
import type { ReportedConflict } from '../domain/merge-import.ts';
import type { Origin } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';

/** A change of an agent as a caller asked for it: it can be planned, and carried out. */
export interface Intention<T> {
  /** What the change is, as JSON: a plan is bound to it. */
  readonly change: readonly unknown[];
  /** Added to the origin of the change. */
  readonly origin?: Partial<Origin>;
  /** Pure; may run more than once. @throws DomainError if the change cannot even be previewed */
  outcomeOf(agent: Agent): Outcome<T>;
  /** The refusal with what only a caller needs, such as lines and columns. */
  explained?(refusal: DomainError): Promise<DomainError>;
  /** The conflicts of a merge with their authors. */
  attributed?(agent: Agent, conflicts: readonly Conflict[]): Promise<readonly ReportedConflict[]>;
}
