import type { Agent, AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import type { Problem } from './errors.ts';
import type { Shape } from './shapes.ts';
import type { AgentTemplate } from './templates.ts';

/** By item and by path within the item: a mark that changes when the secret does. */
export type SecretMarks = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A part of an agent that is compared and patched field by field. */
export interface PartSpec<Value> {
  readonly shape: Shape<Value>;
  /** The agent's value. Secrets and other state that is no content are left out. */
  readonly read: (agent: AgentContent) => Value;
  /** Replaces the agent's value. State that `read` leaves out is kept. */
  readonly apply: (agent: Agent, value: Value) => Agent;
  /** Null for a part that has no secrets. */
  readonly secretMarks: ((agent: AgentContent) => SecretMarks) | null;
}

/**
 * The rules of one section of an agent definition. `Value` is the section as an export
 * contains it, `Input` as an import accepts it.
 */
export interface SectionSpec<Value, Input> extends PartSpec<Value> {
  /** For people, in the API's schema. */
  readonly description: string;
  /** Whether `Agent.readiness` reads it. */
  readonly isReadByReadiness: boolean;
  /**
   * Fills in what an import may leave out: ids, priorities, flags.
   *
   * @param input null for an empty section; otherwise not validated yet
   */
  readonly complete: (input: Input | null, catalog: CatalogView) => Value;
  /**
   * Every problem, its path starting with the section's name.
   *
   * @param given the input of an import, or the agent's own value
   * @param agent with every section of the definition applied
   */
  readonly validate: (
    given: Input | NonNullable<Value>,
    agent: Agent,
    catalog: CatalogView,
  ) => readonly Problem[];
  /**
   * The section that an agent template carries; undefined if this template does not
   * carry it. Null if no template can.
   *
   * @param agent with the template's earlier sections applied
   */
  readonly fromTemplate:
    | ((template: AgentTemplate, agent: Agent, catalog: CatalogView) => Input | undefined)
    | null;
  /** Removes references to items that no longer exist. Null if the section has no references. */
  readonly dropDangling: ((agent: Agent, catalog: CatalogView) => Agent) | null;
}
