import type { PageRoute, Route } from '../route.ts';
import { agentRoutes } from './agents.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { applyTemplateRoutes } from './apply-template.ts';
import { auditLogRoutes } from './audit-log.ts';
import { catalogRoutes } from './catalogs.ts';
import { channelRoutes } from './channels.ts';
import { definitionRoutes } from './definitions.ts';
import { guardrailRoutes } from './guardrails.ts';
import { historyRoutes } from './history.ts';
import { identityRoutes } from './identity.ts';
import { memberRoutes } from './members.ts';
import { messageTemplateRoutes } from './message-templates.ts';
import { oauthPages, oauthRoutes } from './oauth.ts';
import { objectiveRoutes } from './objectives.ts';
import { orgRoutes } from './orgs.ts';
import { outreachRoutes } from './outreach.ts';
import { outreachLinkRoutes } from './outreach-links.ts';
import { personRoutes } from './people.ts';
import { personalityRoutes } from './personality.ts';
import { playbookRoutes } from './playbooks.ts';
import { promptRoutes } from './prompt.ts';
import { skillRoutes } from './skills.ts';
import { toolBindingRoutes } from './tool-bindings.ts';
import { trafficRoutes } from './traffic.ts';
import { updateRoutes } from './updates.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every route of an operation. */
export const routes: readonly Route[] = [
  ...orgRoutes,
  ...auditLogRoutes,
  ...apiKeyRoutes,
  ...memberRoutes,
  ...webhookRoutes,
  ...agentRoutes,
  ...identityRoutes,
  ...catalogRoutes,
  ...personRoutes,
  ...personalityRoutes,
  ...objectiveRoutes,
  ...guardrailRoutes,
  ...messageTemplateRoutes,
  ...outreachRoutes,
  ...toolBindingRoutes,
  ...oauthRoutes,
  ...channelRoutes,
  ...skillRoutes,
  ...playbookRoutes,
  ...outreachLinkRoutes,
  ...applyTemplateRoutes,
  ...updateRoutes,
  ...trafficRoutes,
  ...definitionRoutes,
  ...historyRoutes,
  ...promptRoutes,
];

/** Every route of a page for browsers. */
export const pageRoutes: readonly PageRoute[] = [...oauthPages];
