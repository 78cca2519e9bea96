import type { AgentDocument } from './agent-file.ts';
import type { Api } from './api.ts';

/** A caller, and what it may do in which org. */
export interface Viewer {
  readonly id: string;
  readonly kind: 'API_KEY' | 'USER';
  readonly name: string | null;
  readonly memberships: readonly {
    readonly orgId: string;
    readonly role: string;
    readonly scopes: readonly string[];
  }[];
}

export async function viewerOf(api: Api): Promise<Viewer> {
  const { viewer } = await api.query<{ viewer: Viewer }>('viewer', {});
  const memberships = viewer.memberships.map(({ orgId, role, scopes }) => ({
    orgId,
    role: role.toLowerCase(),
    scopes: scopes.map(scopeOf),
  }));
  return { ...viewer, memberships };
}

/** A scope as REST and the documentation spell it: `agents:read`. */
function scopeOf(name: string): string {
  return name.toLowerCase().replace('_', ':');
}

/** An agent in a list. */
export interface ListedAgent {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: number;
  readonly updatedAt: string;
}

interface AgentsPage {
  readonly org: {
    readonly agents: {
      readonly nodes: readonly ListedAgent[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

/** Every agent of an org, page by page. @param query words that its name or id contains */
export async function agentsOf(
  api: Api,
  org: string,
  query?: string,
): Promise<readonly ListedAgent[]> {
  const agents: ListedAgent[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: AgentsPage = await api.query('agents', { org, query, after });
    const { nodes, pageInfo } = page.org.agents;
    agents.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  }
  return agents;
}

/** Who made a version, and what it changed. */
export interface AgentVersion {
  readonly version: number;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string | null };
  readonly door: string;
  readonly message: string | null;
  readonly sections: readonly string[];
}

/** An agent on the server. */
export interface RemoteAgent {
  readonly version: number;
  readonly document: AgentDocument;
  /** As it was at the version that was asked for. Undefined if that version is not kept, or is one of an earlier agent. */
  readonly base: AgentDocument | undefined;
  /** The newest versions, newest first. */
  readonly history: readonly AgentVersion[];
}

interface AgentAnswer {
  readonly org: {
    readonly agent: {
      readonly id: string;
      readonly name: string;
      readonly description: string | null;
      readonly version: number;
      readonly export: string;
      readonly atVersion?: { readonly definition: string } | null;
      readonly changes?: readonly NameChange[] | null;
      readonly history: { readonly nodes: readonly AgentVersion[] } | null;
    } | null;
  } | null;
}

interface NameChange {
  readonly section: string;
  readonly path: string;
  readonly before: string | null;
}

/**
 * An agent as it is, and as it was at a version, read at once.
 *
 * @returns undefined if there is no such agent
 */
export async function agentOf(
  api: Api,
  org: string,
  agent: string,
  base?: number,
): Promise<RemoteAgent | undefined> {
  const variables = { org, agent, base: base ?? 0, hasBase: base !== undefined };
  const answer = await api.query<AgentAnswer>('agent', variables, [
    'agent.not_found',
    'version.not_found',
  ]);
  const found = answer.org?.agent;
  if (!found) return undefined;
  const { id, name, description, version, atVersion, changes } = found;
  const before = (path: string, now: string | null) => {
    const change = changes?.find((it) => it.section === 'AGENT' && it.path === path);
    return change ? change.before : now;
  };
  return {
    version,
    document: documentOf(id, name, description, found.export),
    base: atVersion
      ? documentOf(
          id,
          before('name', name) ?? name,
          before('description', description),
          atVersion.definition,
        )
      : undefined,
    history: found.history?.nodes ?? [],
  };
}

function documentOf(
  id: string,
  name: string,
  description: string | null,
  definition: string,
): AgentDocument {
  return {
    agent: { id, name, ...(description !== null && { description }) },
    ...(JSON.parse(definition) as object),
  };
}
