import type { DerivedFrom } from './derived-from.ts';

/** The voice and tone of an agent (reference, "Personality"). */
export interface AgentPersonality {
  /** For people. */
  readonly description?: string;
  /** The prompt fragment. */
  readonly text: string;
  readonly derivedFrom?: DerivedFrom;
}
