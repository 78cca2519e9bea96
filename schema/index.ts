import type { GraphQLSchema } from 'graphql';
import './activity.ts';
import './agent.ts';
import './api-key.ts';
import './apply-template.ts';
import './catalog.ts';
import './definition.ts';
import './guardrails.ts';
import './channel.ts';
import './channel-mutations.ts';
import './identity.ts';
import './message-templates.ts';
import './objectives.ts';
import './oauth.ts';
import './org.ts';
import './outreach.ts';
import './playbooks.ts';
import './skills.ts';
import './person.ts';
import './personality.ts';
import './tool-binding.ts';
import './updates.ts';
import './traffic.ts';
import './live.ts';
import './viewer.ts';
import './webhook.ts';
import './outreach-link.ts';
import './readiness.ts';
import { builder } from './builder.ts';

/** Builds the schema: every resource above has put its types and fields on the builder. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
