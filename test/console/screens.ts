import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestServer } from '../kit/server.ts';

const ROUTER = join(import.meta.dirname, '../../console/src/router.tsx');

/** A screen of the console, as its address opens it. */
export interface Screen {
  /** Below `/console/orgs/acme`. */
  readonly path: string;
  /** The operation without whose answer it has nothing to show. */
  readonly reads: string;
}

const IDS = `{
  org(id: "acme") {
    activity(agent: "acme-demo") {
      conversations(first: 1, start: "2000-01-01T00:00:00Z") { nodes { id: sessionId } }
      people(first: 1) { nodes { id } }
    }
    webhooks(first: 1) { nodes { id } }
  }
}`;

interface Connection {
  readonly nodes: readonly { readonly id: string }[];
}
interface Ids {
  readonly org: {
    readonly activity: { readonly conversations: Connection; readonly people: Connection };
    readonly webhooks: Connection;
  };
}

/** Every screen, by its component, on the demo data of a server. */
export async function screensOf(server: TestServer): Promise<Readonly<Record<string, Screen>>> {
  const agent = '/agents/acme-demo';
  const { org } = (await server.owner.query(IDS)) as unknown as Ids;
  const id = (of: Connection) => {
    const [found] = of.nodes;
    if (!found) throw new Error('the demo data lacks something');
    return found.id;
  };
  const session = id(org.activity.conversations);
  const person = id(org.activity.people);
  const webhook = id(org.webhooks);
  return {
    AgentsScreen: { path: '/agents', reads: 'Agents' },
    MembersScreen: { path: '/members', reads: 'Members' },
    ApiKeysScreen: { path: '/api-keys', reads: 'ApiKeys' },
    WebhooksScreen: { path: '/webhooks', reads: 'Webhooks' },
    WebhookScreen: { path: `/webhooks/${webhook}`, reads: 'Webhook' },
    AuditLogScreen: { path: '/audit-log', reads: 'AuditLog' },
    SettingsScreen: { path: '/settings', reads: 'OrgSettings' },
    OverviewScreen: { path: agent, reads: 'Overview' },
    EditScreen: { path: `${agent}/edit`, reads: 'Editor' },
    PromptScreen: { path: `${agent}/prompt`, reads: 'Prompt' },
    ToolsScreen: { path: `${agent}/tools`, reads: 'Tools' },
    ChannelsScreen: { path: `${agent}/channels`, reads: 'Channels' },
    ConversationsScreen: { path: `${agent}/conversations`, reads: 'Conversations' },
    ThreadScreen: { path: `${agent}/conversations/${session}`, reads: 'Conversation' },
    PeopleScreen: { path: `${agent}/people`, reads: 'People' },
    PersonScreen: { path: `${agent}/people/${person}`, reads: 'Person' },
    HistoryScreen: { path: `${agent}/history`, reads: 'History' },
    VersionScreen: { path: `${agent}/history/2`, reads: 'Version' },
  };
}

/** The screens that the routes of the console name. */
export function routedScreens(): readonly string[] {
  return [...readFileSync(ROUTER, 'utf8').matchAll(/'(\w+Screen)'/g)].map(([, name]) => name ?? '');
}
