import type { ChannelBinding } from './channels.ts';
import type { DerivedFrom } from './derived-from.ts';
import { DomainError, invalid, pathText } from './errors.ts';
import type { AgentGuardrails } from './guardrails.ts';
import type { AgentIdentity } from './identity.ts';
import { isSlug, SLUG_RULE } from './ids.ts';
import { firstExcess, mostBytes } from './json-bounds.ts';
import { MAX_LIST_LENGTH } from './lengths.ts';
import type { AgentMessageTemplate } from './message-templates.ts';
import type { AgentObjective } from './objectives.ts';
import type { OutreachConfig } from './outreach.ts';
import { assertNotCleared, mergePatch, type Patch, setFields } from './patch.ts';
import type { AgentPersonality } from './personality.ts';
import type { AgentPlaybook } from './playbooks.ts';
import type { AgentSkill } from './skills.ts';
import type { AgentToolBinding } from './tool-bindings.ts';

/** An agent: one document with all of its sub-resources (reference, "Agent"). */
export interface Agent {
  readonly org: string;
  readonly id: string;
  /** Orders agents by creation, and distinguishes an agent from a later one with the same id. */
  readonly uid: string;
  /** Names its history: its uid, or that of the removed agent that it was restored from. */
  readonly historyId: string;
  /**
   * Counts the writes of this agent, from 1. An agent with the id of a removed one continues behind
   * the removal: a number never returns.
   */
  readonly version: number;
  readonly name: string;
  readonly description?: string;
  readonly identity: AgentIdentity;
  readonly personality?: AgentPersonality;
  /** By priority, then position. */
  readonly objectives?: readonly AgentObjective[];
  readonly guardrails?: AgentGuardrails;
  readonly skills?: readonly AgentSkill[];
  readonly playbooks?: readonly AgentPlaybook[];
  /** The agent template that was applied last. */
  readonly templateRef?: DerivedFrom;
  readonly messageTemplates?: readonly AgentMessageTemplate[];
  readonly outreach?: OutreachConfig;
  readonly toolBindings?: readonly AgentToolBinding[];
  /** The products that it is for. Only export and import use them. */
  readonly products?: readonly string[];
  /** The live bindings, at most one per channel. */
  readonly channels?: readonly ChannelBinding[];
  /** The managed RCS binding that was removed. The next request for one restores it. */
  readonly archivedRcs?: ChannelBinding;
  /** ISO-8601. */
  readonly createdAt: string;
  /** ISO-8601. */
  readonly updatedAt: string;
}

/** The parts of an agent that callers write. */
export type AgentContent = Omit<
  Agent,
  'org' | 'id' | 'uid' | 'historyId' | 'version' | 'createdAt' | 'updatedAt'
>;

export interface CreateAgentInput {
  readonly id?: string | null | undefined;
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly identity?: Patch<AgentIdentity> | null | undefined;
}

export interface UpdateAgentInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly identity?: Patch<AgentIdentity> | null | undefined;
}

/**
 * Bytes of an agent as JSON. Its export, which is longer by its layout, must fit in a
 * request body, and a page of agents in memory.
 */
const MAX_AGENT_BYTES = 768 * 1024;

/** The content of an agent that does not exist: every field of an agent is an addition to it. */
export const NO_CONTENT = { identity: {} } as AgentContent;

/**
 * An agent that does not exist, as what a change that creates it starts from. Its uid is empty.
 *
 * @param version the number before the first one that it would have
 */
export function absentAgent({ org, id }: Pick<Agent, 'org' | 'id'>, version: number): Agent {
  return { ...NO_CONTENT, org, id, uid: '', historyId: '', version, createdAt: '', updatedAt: '' };
}

export function isAbsent({ uid }: Pick<Agent, 'uid'>): boolean {
  return uid === '';
}

/** @throws DomainError `request.invalid` if the given id is not a slug */
export function newAgent(input: CreateAgentInput): AgentContent {
  if (input.id != null && !isSlug(input.id)) {
    throw invalid([{ path: 'id', message: SLUG_RULE }]);
  }
  return {
    name: input.name,
    ...setFields<{ description?: string }>({ description: input.description }),
    identity: setFields<AgentIdentity>(input.identity ?? {}),
  };
}

/**
 * A merge patch, also of the identity.
 *
 * @throws DomainError `request.invalid` if it clears the name
 */
export function updateAgent(agent: Agent, input: UpdateAgentInput): Agent {
  assertNotCleared(input, ['name']);
  const { identity, ...rest } = input;
  const patched = mergePatch(agent, rest as Patch<Agent>);
  if (identity === undefined) return patched;
  return updateIdentity(patched, identity);
}

export function replaceIdentity(agent: Agent, input: Patch<AgentIdentity>): Agent {
  return { ...agent, identity: setFields<AgentIdentity>(input) };
}

/** A merge patch of the identity; `null` clears every field. */
export function updateIdentity(agent: Agent, input: Patch<AgentIdentity> | null): Agent {
  return { ...agent, identity: input === null ? {} : mergePatch(agent.identity, input) };
}

/** The form of a tool or channel bounds these fields (form.ts). */
const FORMS: ReadonlySet<string> = new Set(['config', 'inputs']);

/** @throws DomainError `agent.too_large`, naming the first list that is too long */
export function assertAgentFits(agent: Agent): void {
  let most = 0;
  for (const [field, value] of Object.entries(agent)) most += mostBytesOf(field, value);
  // It is stored in another form. So it is written as JSON only where its size may matter.
  if (most <= MAX_AGENT_BYTES) return;
  const bytes = Buffer.byteLength(JSON.stringify(agent));
  if (bytes > MAX_AGENT_BYTES) {
    throw new DomainError(
      'agent.too_large',
      `an agent's configuration must have at most ${MAX_AGENT_BYTES} bytes, this would have ${bytes}`,
    );
  }
}

/** The most bytes of values without a list that is too long. A change leaves most of an agent's as they are. */
const FITTING = new WeakMap<object, number>();

/** Of a field of an agent. @throws DomainError `agent.too_large` if a list in it is too long */
function mostBytesOf(field: string, value: unknown): number {
  const named = { [field]: value };
  if (typeof value !== 'object' || value === null) return mostBytes(named);
  const known = FITTING.get(value);
  if (known !== undefined) return known;
  const excess = firstExcess(named, { maxListLength: MAX_LIST_LENGTH, except: FORMS });
  if (excess) {
    const path = pathText(excess.path);
    throw new DomainError(
      'agent.too_large',
      `a list of an agent must have at most ${MAX_LIST_LENGTH} items; ${path} would have more`,
      [{ path, message: `must have at most ${MAX_LIST_LENGTH} items` }],
    );
  }
  const bytes = mostBytes(named);
  FITTING.set(value, bytes);
  return bytes;
}
