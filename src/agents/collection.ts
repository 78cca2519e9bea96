import type { Agent } from '../domain/agents.ts';
import { AGENT_PARTS } from '../domain/sections.ts';
import { collectionSpec } from '../store/port.ts';
import {
  type AgentSearchFields,
  agentSearchFields,
  SEARCHED_WORDS,
  searchFieldsOf,
  withoutSearchFields,
} from './search-fields.ts';

/** As stored. The key is `org/id`: a lookup across orgs cannot be written. */
export interface AgentDoc extends Agent, AgentSearchFields {
  readonly key: string;
}

/** What a list shows of every agent: reading it decodes no whole agent. */
const LISTED = [
  'id',
  'uid',
  'name',
  'description',
  'identity',
  'templateRef',
  'createdAt',
  'updatedAt',
];

/** What a search reads of every match, to sort them. */
export const MATCHED = ['uid', 'qName', 'updatedAt'] as const;

export const AGENTS = collectionSpec<AgentDoc>(
  'agents',
  {
    /** By creation: a uid grows with time. */
    byOrg: { eq: ['org'], order: 'uid', includes: LISTED },
    byUpdate: { eq: ['org'], order: 'updatedAt', includes: LISTED },
    byId: { eq: ['org'], order: 'id', includes: MATCHED },
    // By name, and by the name without its first words.
    ...Object.fromEntries(
      SEARCHED_WORDS.map((field, i) => [
        field,
        { eq: ['org'], order: field, includes: i === 0 ? LISTED : MATCHED },
      ]),
    ),
  },
  'org',
  AGENT_PARTS,
);

export interface AgentKey {
  readonly org: string;
  readonly id: string;
}

export function agentKey({ org, id }: AgentKey): string {
  return `${org}/${id}`;
}

/**
 * The document of an agent, with its search fields derived from its present name.
 *
 * @param before the document that it replaces
 */
export function agentDoc(agent: Agent, before?: AgentDoc): AgentDoc {
  const searched =
    before?.name === agent.name ? searchFieldsOf(before) : agentSearchFields(agent.name);
  return { ...withoutSearchFields(agent), ...searched, key: agentKey(agent) };
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
