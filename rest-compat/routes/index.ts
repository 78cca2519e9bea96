import type { Route } from '../route.ts';
import { agentRoutes } from './agent.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { catalogRoutes } from './catalog.ts';
import { identityRoutes } from './identity.ts';
import { messageTemplateRoutes } from './message-templates.ts';
import { orgRoutes } from './org.ts';
import { personRoutes } from './person.ts';
import { toolBindingRoutes } from './tool-bindings.ts';

/** The one table of routes. */
export const routes: readonly Route[] = [
  ...orgRoutes,
  ...apiKeyRoutes,
  ...agentRoutes,
  ...identityRoutes,
  ...catalogRoutes,
  ...messageTemplateRoutes,
  ...personRoutes,
  ...toolBindingRoutes,
];
