import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { agentsSearch } from './screens/agents/search.ts';
import { auditSearch } from './screens/audit-log/search.ts';
import { conversationsSearch } from './screens/conversations/search.ts';
import { editSearch } from './screens/edit/search.ts';
import { historySearch, versionSearch } from './screens/history/search.ts';
import { peopleSearch } from './screens/people/search.ts';
import { promptSearch } from './screens/prompt/search.ts';
import { deliveriesSearch } from './screens/webhooks/search.ts';
import { Home } from './shell/home.tsx';
import { Root } from './shell/root.tsx';
import { Shell } from './shell/shell.tsx';
import { Crash } from './ui/crash.tsx';
import { withMoreStyles } from './ui/more-styles.ts';
import { pageSearch } from './ui/page-search.ts';
import { NotFound } from './ui/states.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: () => <NotFound /> });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

/** Where a provider returns to: somebody is signed in there, or sees the sign-in. */
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: Home });

const org = createRoute({ getParentRoute: () => root, path: '/orgs/$org', component: Shell });

const agents = createRoute({
  getParentRoute: () => org,
  path: '/agents',
  validateSearch: agentsSearch,
  component: lazyRouteComponent(() => import('./screens/agents/screen.tsx'), 'AgentsScreen'),
});

const members = createRoute({
  getParentRoute: () => org,
  path: '/members',
  validateSearch: pageSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/members/screen.tsx')),
    'MembersScreen',
  ),
});

const apiKeys = createRoute({
  getParentRoute: () => org,
  path: '/api-keys',
  validateSearch: pageSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/api-keys/screen.tsx')),
    'ApiKeysScreen',
  ),
});

const webhooks = createRoute({
  getParentRoute: () => org,
  path: '/webhooks',
  validateSearch: pageSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/webhooks/screen.tsx')),
    'WebhooksScreen',
  ),
});

const webhook = createRoute({
  getParentRoute: () => org,
  path: '/webhooks/$webhook',
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/webhooks/webhook.tsx')),
    'WebhookScreen',
  ),
});

const auditLog = createRoute({
  getParentRoute: () => org,
  path: '/audit-log',
  validateSearch: auditSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/audit-log/screen.tsx')),
    'AuditLogScreen',
  ),
});

const settings = createRoute({
  getParentRoute: () => org,
  path: '/settings',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/settings/screen.tsx')),
    'SettingsScreen',
  ),
});

/** What surrounds every screen of an agent. */
const agent = createRoute({
  getParentRoute: () => org,
  path: '/agents/$agent',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/agent/frame.tsx')),
    'AgentFrame',
  ),
});

const overview = createRoute({
  getParentRoute: () => agent,
  path: '/',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/overview/screen.tsx')),
    'OverviewScreen',
  ),
});

const edit = createRoute({
  getParentRoute: () => agent,
  path: '/edit',
  validateSearch: editSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/edit/screen.tsx')),
    'EditScreen',
  ),
});

const prompt = createRoute({
  getParentRoute: () => agent,
  path: '/prompt',
  validateSearch: promptSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/prompt/screen.tsx')),
    'PromptScreen',
  ),
});

const conversations = createRoute({
  getParentRoute: () => agent,
  path: '/conversations',
  validateSearch: conversationsSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/conversations/screen.tsx')),
    'ConversationsScreen',
  ),
});

const thread = createRoute({
  getParentRoute: () => agent,
  path: '/conversations/$session',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/conversations/thread-screen.tsx')),
    'ThreadScreen',
  ),
});

const people = createRoute({
  getParentRoute: () => agent,
  path: '/people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/people/screen.tsx')),
    'PeopleScreen',
  ),
});

const person = createRoute({
  getParentRoute: () => agent,
  path: '/people/$person',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/people/person-screen.tsx')),
    'PersonScreen',
  ),
});

const channels = createRoute({
  getParentRoute: () => agent,
  path: '/channels',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/channels/screen.tsx')),
    'ChannelsScreen',
  ),
});

const history = createRoute({
  getParentRoute: () => agent,
  path: '/history',
  validateSearch: historySearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/history/screen.tsx')),
    'HistoryScreen',
  ),
});

const version = createRoute({
  getParentRoute: () => agent,
  path: '/history/$version',
  validateSearch: versionSearch,
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/history/version-screen.tsx')),
    'VersionScreen',
  ),
});

const tools = createRoute({
  getParentRoute: () => agent,
  path: '/tools',
  component: lazyRouteComponent(
    () => withMoreStyles(import('./screens/tools/screen.tsx')),
    'ToolsScreen',
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    org.addChildren([
      agents,
      members,
      apiKeys,
      webhooks,
      webhook,
      auditLog,
      settings,
      agent.addChildren([
        overview,
        edit,
        prompt,
        tools,
        channels,
        conversations,
        thread,
        people,
        person,
        history,
        version,
      ]),
    ]),
  ]),
  basepath: '/console',
  defaultPreload: 'intent',
  defaultErrorComponent: (props) => <Crash {...props} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
