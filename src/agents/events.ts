import { isDeepStrictEqual } from 'node:util';
import type { Agent, AgentContent } from '../domain/agents.ts';
import type { NewEvent } from '../domain/events.ts';
import { AGENT_PARTS } from '../domain/sections.ts';
import type { Described } from '../records/records.ts';

/** The events of a change of an agent. */
export type AgentEvents = (before: Agent, after: Agent) => readonly NewEvent[];

/** `agent.created`, then `channel.created` for each binding that the agent was created with. */
export function agentCreated({ id, org, channels = [] }: Agent): readonly NewEvent[] {
  return [
    { type: 'agent.created', data: { id, orgId: org } },
    ...channels.map((channel): NewEvent => {
      return { type: 'channel.created', data: { id: channel.id, orgId: org, agentId: id } };
    }),
  ];
}

/** `agent.updated` with the parts that differ; no event if none does. */
export const agentUpdated: AgentEvents = (before, after) => {
  const sections = changedParts(before, after);
  if (sections.length === 0) return [];
  const { id, org, version } = after;
  return [{ type: 'agent.updated', data: { id, orgId: org, version, sections } }];
};

/** What the change log is given of a change. */
export function agentChange(events: AgentEvents) {
  return (before: Agent, after: Agent): Described => {
    const sections = changedParts(before, after);
    return { events: events(before, after), sections };
  };
}

/** As `agentChange`, of a removal. */
export function agentDeleted(last: Agent): Described {
  const { id, org } = last;
  return { events: [{ type: 'agent.deleted', data: { id, orgId: org } }] };
}

/** The parts of an agent that a change wrote. */
export function changedParts(before: Agent, after: Agent): readonly string[] {
  return AGENT_PARTS.filter((part) => !isDeepStrictEqual(before[part], after[part]));
}

/** The parts that an agent has. */
export function partsOf(agent: AgentContent): readonly string[] {
  return AGENT_PARTS.filter((part) => agent[part] !== undefined);
}
