import type { Agent } from '../src/domain/agent.ts';
import type { Org } from '../src/domain/org.ts';
import { builder } from './builder.ts';

/** The object types that several files add fields to, or lead to. */
export const OrgRef = builder.objectRef<Org>('Org');
export const AgentRef = builder.objectRef<Agent>('Agent');
