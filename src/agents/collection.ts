import type { Agent } from '../domain/agent.ts';
import { collectionSpec } from '../store/port.ts';

/** As stored. The key is `org/id`: a lookup across orgs cannot be written. */
export interface AgentDoc extends Agent {
  readonly key: string;
}

export const AGENTS = collectionSpec<AgentDoc>('agents', {
  /** Newest first, read in reverse: a uid grows with time. */
  byOrg: { eq: ['org'], order: 'uid' },
});

export interface AgentRef {
  readonly org: string;
  readonly id: string;
}

export function agentKey({ org, id }: AgentRef): string {
  return `${org}/${id}`;
}
