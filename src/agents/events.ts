import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../domain/agents.ts';
import type { NewEvent } from '../domain/events.ts';
import { AGENT_PARTS } from '../domain/sections.ts';

export function agentCreated({ id, org }: Agent): readonly NewEvent[] {
  return [{ type: 'agent.created', data: { id, orgId: org } }];
}

/** `agent.updated` with the parts that differ; no event if none does. */
export function agentUpdated(before: Agent, after: Agent): readonly NewEvent[] {
  const sections = changedSections(before, after);
  if (sections.length === 0) return [];
  const { id, org, version } = after;
  return [{ type: 'agent.updated', data: { id, orgId: org, version, sections } }];
}

export function agentDeleted({ id, org }: Agent): readonly NewEvent[] {
  return [{ type: 'agent.deleted', data: { id, orgId: org } }];
}

function changedSections(before: Agent, after: Agent): string[] {
  return AGENT_PARTS.filter((part) => !isDeepStrictEqual(before[part], after[part]));
}
