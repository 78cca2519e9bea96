import type { Agent } from '../src/domain/agents.ts';
import type { Org } from '../src/domain/orgs.ts';
import { builder } from './builder.ts';

/** The object types that several files add fields to, or lead to. */
export const OrgRef = builder.objectRef<Org>('Org');
export const AgentRef = builder.objectRef<Agent>('Agent');
/**
 * What happens around an agent: the same agent, for tokens that may read its
 * people or traffic and not its configuration.
 */
export const AgentActivityRef = builder.objectRef<Agent>('AgentActivity');

/** The parts of an agent by which its documents of other collections are found. */
export const OWNER_PARTS = ['org', 'id', 'uid'] as const;
