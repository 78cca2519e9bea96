import type { Agent } from '../domain/agents.ts';
import { collectionSpec } from '../store/port.ts';

/** As stored. The key is `org/id`: a lookup across orgs cannot be written. */
export interface AgentDoc extends Agent {
  readonly key: string;
}

export const AGENTS = collectionSpec<AgentDoc>(
  'agents',
  {
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

/** An agent as the owner of documents in other collections. */
export type AgentOwner = Pick<Agent, 'org' | 'id' | 'uid'>;

/**
 * The field `owner` of the documents that belong to an agent, and the beginning of their keys.
 * A later agent of the same id is another owner.
 */
export function ownerKey({ org, uid }: Pick<Agent, 'org' | 'uid'>): string {
  return `${org}/${uid}`;
}
