import type { AuditEntry, AuditedResource, AuditedType } from '../src/audit/entries.ts';
import { ACTIONS } from '../src/changes/actions.ts';
import { pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { EVENT_TEXTS } from './event-texts.ts';
import { originFields } from './origin.ts';
import { OrgRef } from './refs.ts';
import { entity, mayOnOrg } from './rights.ts';

const { 'webhook.ping': _, ...OF_CHANGES } = EVENT_TEXTS;

/** The actions of changes. */
export const AuditActionType = enumOf('AuditAction', 'What a change did.', ACTIONS, {
  ...OF_CHANGES,
  'member.created': 'A member was added.',
  'member.updated': 'A member was changed, or signed in for the first time.',
  'member.deleted': 'A member was removed.',
  'org.created': 'The org was created.',
  'org.deleted': 'The org was removed.',
  'outreach_link.updated': 'An outreach link was changed or used.',
  'webhook.created': 'A webhook was created.',
  'webhook.updated': 'A webhook was changed, paused, or given another secret.',
  'webhook.deleted': 'A webhook was removed.',
});

const TYPES: Readonly<Record<AuditedType, string>> = {
  agent: 'An agent.',
  api_key: 'An API key.',
  channel: 'A channel binding of an agent.',
  member: 'A member of the org.',
  org: 'The org itself.',
  outreach_link: 'An outreach link of an agent.',
  person: 'A person of an agent.',
  tool: 'A tool of an agent, and its OAuth grant.',
  webhook: 'A webhook.',
};
const AuditedTypeType = enumOf(
  'AuditedResourceType',
  'The type of a resource in the audit log.',
  Object.keys(TYPES) as readonly AuditedType[],
  TYPES,
);

const AuditedResourceRef = builder.objectRef<AuditedResource>('AuditedResource').implement({
  description: 'The resource that a change is about.',
  fields: (t) => ({
    type: t.expose('type', { type: AuditedTypeType, description: 'The type.' }),
    id: t.exposeID('id', { description: 'The id.' }),
    agentId: t.exposeID('agentId', {
      nullable: true,
      description: 'The agent that the resource belongs to. Unset for others.',
    }),
  }),
});

const AuditEntryRef = builder.objectRef<AuditEntry>('AuditEntry').implement({
  ...entity,
  description: 'A change in an org. It contains no values that were changed.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: minted, immutable.' }),
    ...originFields(t, (entry) => entry),
    action: t.expose('action', { type: AuditActionType, description: 'What the change did.' }),
    actions: t.field({
      type: [AuditActionType],
      description: 'Everything that the change did: `action`, and what followed from it.',
      resolve: ({ actions }) => [...actions],
    }),
    resource: t.expose('resource', {
      type: AuditedResourceRef,
      description: 'The resource that `action` is about.',
    }),
    version: t.exposeInt('resourceVersion', {
      nullable: true,
      description:
        'The version that the change led to: of the resource or, for a channel or a tool, of its agent. Unset if a provider ended a grant, which is no change of the agent.',
    }),
    sections: t.field({
      type: ['String'],
      nullable: true,
      description: 'The parts of the agent that were changed. Unset for a change of anything else.',
      resolve: ({ sections }) => sections && [...sections],
    }),
  }),
});
const AuditEntryConnection = connectionOf(AuditEntryRef);

builder.objectField(OrgRef, 'auditLog', (t) =>
  t.field({
    type: AuditEntryConnection,
    ...mayOnOrg('admin', 'org:admin'),
    description:
      'Every change in the org, newest first. Each condition that is set limits the list.',
    args: {
      actor: t.arg.id({ description: 'Only changes by the actor with this id.' }),
      action: t.arg({ type: AuditActionType, description: 'Only changes with this `action`.' }),
      resourceType: t.arg({
        type: AuditedTypeType,
        description: 'Only changes of resources of this type.',
      }),
      resourceId: t.arg.id({
        description:
          'Only changes of the resource with this id. For an agent, also those of its channels and tools.',
      }),
      start: t.arg({ type: 'Instant', description: 'The start of the time range, inclusive.' }),
      end: t.arg({ type: 'Instant', description: 'The end of the time range, exclusive.' }),
      ...pageArgs(t.arg),
    },
    resolve: (org, query, { services, work }) => services.auditLog.list(work, org.id, query),
  }),
);
