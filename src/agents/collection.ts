import type { Agent } from '../domain/agents.ts';
import { OUTBOX_INDEX } from '../records/outbox.ts';
import { collectionSpec } from '../store/port.ts';

/** As stored. The key is `org/id`: a lookup across orgs cannot be written. */
export interface AgentDoc extends Agent {
  readonly key: string;
}

export const AGENTS = collectionSpec<AgentDoc>(
  'agents',
  {
    ...OUTBOX_INDEX,
    /** Newest first, read in reverse: a uid grows with time. */
    byOrg: {
      eq: ['org'],
      order: 'uid',
      // What a list shows of every agent: reading it decodes no whole agent.
      includes: ['id', 'name', 'description', 'identity', 'templateRef', 'createdAt', 'updatedAt'],
    },
  },
  'org',
);

export interface AgentKey {
  readonly org: string;
  readonly id: string;
}

export function agentKey({ org, id }: AgentKey): string {
  return `${org}/${id}`;
}

/**
 * Whose documents of other collections are: their field `owner`, and the head
 * of their keys. A later agent of the same id is another owner.
 */
export function ownerKey({ org, uid }: Pick<Agent, 'org' | 'uid'>): string {
  return `${org}/${uid}`;
}
