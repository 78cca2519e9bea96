import type { DerivedFrom } from './derived-from.ts';

/** A goal that an agent works toward (reference, "Objectives"). */
export interface AgentObjective {
  /** A slug, unique within the agent. */
  readonly id: string;
  readonly name: string;
  /** For people. */
  readonly description?: string;
  /** The prompt fragment. */
  readonly body: string;
  /** Lower wins when objectives compete. */
  readonly priority: number;
  readonly derivedFrom?: DerivedFrom;
}
