import type { GraphQLSchema } from 'graphql';
import './activity.ts';
import './agents.ts';
import './api-keys.ts';
import './apply-template.ts';
import './catalogs.ts';
import './definitions.ts';
import './guardrails.ts';
import './channels.ts';
import './channel-mutations.ts';
import './identity.ts';
import './message-templates.ts';
import './objectives.ts';
import './oauth.ts';
import './orgs.ts';
import './outreach.ts';
import './playbooks.ts';
import './skills.ts';
import './people.ts';
import './personality.ts';
import './tool-bindings.ts';
import './updates.ts';
import './traffic.ts';
import './live.ts';
import './viewer.ts';
import './webhooks.ts';
import './outreach-links.ts';
import './readiness.ts';
import { builder } from './builder.ts';

/** Builds the schema: every resource above has put its types and fields on the builder. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
