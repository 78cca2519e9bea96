import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../domain/agents.ts';
import type { NewEvent } from '../domain/events.ts';

/** What is not content: who the agent is and how often it was written. */
const NOT_SECTIONS = new Set(['key', 'org', 'id', 'uid', 'version', 'createdAt', 'updatedAt']);

export function agentCreated({ id, org }: Agent): readonly NewEvent[] {
  return [{ type: 'agent.created', data: { id, orgId: org } }];
}

/** `agent.updated` with the parts that differ; nothing when none does. */
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
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter(
    (name) => !NOT_SECTIONS.has(name) && !isDeepStrictEqual(old.get(name), now.get(name)),
  );
}
