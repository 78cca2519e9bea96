import type { AgentOwner } from '../src/agents/collection.ts';
import type { Agent } from '../src/domain/agents.ts';
import type { Org } from '../src/domain/orgs.ts';
import { builder } from './builder.ts';

/** The object types that several files add fields to, or refer to. */
export const OrgRef = builder.objectRef<Org>('Org');
export const AgentRef = builder.objectRef<Agent>('Agent');
/** An agent, for tokens that may read its people or traffic but not its configuration. */
export const AgentActivityRef = builder.objectRef<AgentOwner>('AgentActivity');

/** The parts of an agent that find its documents in other collections. */
export const OWNER_PARTS = ['org', 'id', 'uid'] as const;
