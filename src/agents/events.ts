import { isDeepStrictEqual } from 'node:util';
import type { Agent, AgentContent } from '../domain/agents.ts';
import type { NewEvent } from '../domain/events.ts';
import { type HistorySection, historySectionsOf } from '../domain/history.ts';
import { AGENT_PARTS } from '../domain/sections.ts';
import type { Described } from '../records/records.ts';

/** The events of a change of an agent that wrote these sections. */
export type AgentEvents = (
  before: Agent,
  after: Agent,
  sections: readonly HistorySection[],
) => readonly NewEvent[];

/** `agent.created`, then `channel.created` for each binding that the agent was created with. */
export function agentCreated({ id, org, channels = [] }: Agent): readonly NewEvent[] {
  return [
    { type: 'agent.created', data: { id, orgId: org } },
    ...channels.map((channel): NewEvent => {
      return { type: 'channel.created', data: { id: channel.id, orgId: org, agentId: id } };
    }),
  ];
}

/** `agent.updated` with the sections; no event if there is none. */
export const agentUpdated: AgentEvents = (_, { id, org, version }, sections) => {
  if (sections.length === 0) return [];
  return [{ type: 'agent.updated', data: { id, orgId: org, version, sections } }];
};

/** What the change log is given of a change. */
export function agentChange(events: AgentEvents) {
  return (before: Agent, after: Agent): Described<HistorySection> => {
    const sections = changedSections(before, after);
    return { events: events(before, after, sections), sections };
  };
}

/** As `agentChange`, of a removal. */
export function agentDeleted(last: Agent): Described {
  const { id, org } = last;
  return { events: [{ type: 'agent.deleted', data: { id, orgId: org } }] };
}

/** The sections that a change wrote. */
function changedSections(before: Agent, after: Agent): readonly HistorySection[] {
  return historySectionsOf(
    AGENT_PARTS.filter((part) => !isDeepStrictEqual(before[part], after[part])),
  );
}

/** The sections that an agent has. */
export function sectionsOf(agent: AgentContent): readonly HistorySection[] {
  return historySectionsOf(AGENT_PARTS.filter((part) => agent[part] !== undefined));
}
