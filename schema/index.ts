import type { GraphQLSchema } from 'graphql';
import './activity.ts';
import './agents.ts';
import './api-keys.ts';
import './apply-template.ts';
import './audit-log.ts';
import './catalogs.ts';
import './definitions.ts';
import './guardrails.ts';
import './channels.ts';
import './channel-mutations.ts';
import './history.ts';
import './identity.ts';
import './members.ts';
import './message-templates.ts';
import './objectives.ts';
import './oauth.ts';
import './orgs.ts';
import './outreach.ts';
import './playbooks.ts';
import './prompt.ts';
import './prompt-changes.ts';
import './skills.ts';
import './people.ts';
import './plans.ts';
import './appointments.ts';
import './personality.ts';
import './tool-bindings.ts';
import './updates.ts';
import './traffic.ts';
import './person-channels.ts';
import './live.ts';
import './viewer.ts';
import './webhooks.ts';
import './outreach-links.ts';
import './readiness.ts';
import { assertBounded } from './bounds.ts';
import { builder } from './builder.ts';
import { assertReadsDeclared } from './selection.ts';

/**
 * Builds the schema from the types and fields that the resources above added to the builder.
 *
 * @throws Error when a field of a projected type does not declare what it reads, or an input
 *   declares no bounds
 */
export function buildSchema(): GraphQLSchema {
  const schema = builder.toSchema();
  assertReadsDeclared(schema);
  assertBounded(schema);
  return schema;
}
