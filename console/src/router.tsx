import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { agentsSearch } from './screens/agents/search.ts';
import { historySearch, versionSearch } from './screens/history/search.ts';
import { Home } from './shell/home.tsx';
import { Root } from './shell/root.tsx';
import { Shell } from './shell/shell.tsx';
import { Crash } from './ui/crash.tsx';
import { NotFound } from './ui/states.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: () => <NotFound /> });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

const org = createRoute({ getParentRoute: () => root, path: '/orgs/$org', component: Shell });

const agents = createRoute({
  getParentRoute: () => org,
  path: '/agents',
  validateSearch: agentsSearch,
  component: lazyRouteComponent(() => import('./screens/agents/screen.tsx'), 'AgentsScreen'),
});

/** What surrounds every screen of an agent. */
const agent = createRoute({
  getParentRoute: () => org,
  path: '/agents/$agent',
  component: lazyRouteComponent(() => import('./screens/agent/frame.tsx'), 'AgentFrame'),
});

const overview = createRoute({
  getParentRoute: () => agent,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview/screen.tsx'), 'OverviewScreen'),
});

const history = createRoute({
  getParentRoute: () => agent,
  path: '/history',
  validateSearch: historySearch,
  component: lazyRouteComponent(() => import('./screens/history/screen.tsx'), 'HistoryScreen'),
});

const version = createRoute({
  getParentRoute: () => agent,
  path: '/history/$version',
  validateSearch: versionSearch,
  component: lazyRouteComponent(
    () => import('./screens/history/version-screen.tsx'),
    'VersionScreen',
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    org.addChildren([agents, agent.addChildren([overview, history, version])]),
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
