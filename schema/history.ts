import type { ArgBuilder } from '@pothos/core';
import { ownerKey } from '../src/agents/collection.ts';
import type { Change, ChangedSection } from '../src/domain/changes.ts';
import { CHANGED_SECTIONS, HISTORY_SECTIONS } from '../src/domain/history.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { PLAN_REFUSALS } from '../src/domain/plans.ts';
import { SECTIONS, type Section } from '../src/domain/sections.ts';
import { CHANGE_KINDS } from '../src/domain/shapes.ts';
import type { AgentVersion } from '../src/history/service.ts';
import { serviceMutation } from './agent-mutations.ts';
import { pageArgs, planArg } from './args.ts';
import { builder, type Types } from './builder.ts';
import { connectionOf } from './connection.ts';
import { formatArg } from './definitions.ts';
import { enumOf } from './enums.ts';
import { originFields } from './origin.ts';
import { AgentRef } from './refs.ts';
import { entity, inherited, mayOnDocument, mayOnOwned } from './rights.ts';
import { TEXT } from './texts.ts';
import { LogRef, MessageRef } from './traffic.ts';
import { VERSION_RANGE } from './version-range.ts';

const described = Object.fromEntries(
  Object.entries(SECTIONS).map(([name, { description }]) => [name, description]),
) as Record<Section, string>;

export const ChangedSectionType = enumOf(
  'ChangedSection',
  'A part of an agent that can be compared with another version and restored.',
  CHANGED_SECTIONS,
  { agent: 'The name and the description.', ...described },
);

const HistorySectionType = enumOf(
  'HistorySection',
  'A part of an agent that a version can change.',
  HISTORY_SECTIONS,
  {
    agent: 'The name, the description and the agent template that was applied last.',
    ...described,
    channels: 'The channels. They can be neither compared nor restored.',
  },
);

export const ChangeRef = builder.objectRef<Change>('Change').implement({
  description:
    'The difference of one field between two versions of an agent. The items of a list are matched by id.',
  fields: (t) => ({
    section: t.expose('section', {
      type: ChangedSectionType,
      description: 'The section that the field belongs to.',
    }),
    itemId: t.exposeID('itemId', {
      nullable: true,
      description: 'Of a list with ids: the item that the field belongs to.',
    }),
    path: t.exposeString('path', {
      description:
        'The field, within its section or item. Empty for an item that was added, removed or moved, and for a section that is a list of texts.',
    }),
    kind: t.expose('kind', {
      type: enumOf('ChangeKind', 'What happened to a field.', CHANGE_KINDS, {
        added: 'It had no value before.',
        removed: 'It has no value any more.',
        changed: 'It has another value.',
        moved: 'The item has another place in its list.',
      }),
      description: 'What happened to the field.',
    }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The value before; of an item itself, the id of the item in front of it. Unset if there was none, and for a secret.',
      resolve: ({ before }) => before ?? null,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The value after; of an item itself, the id of the item in front of it. Unset if there is none, and for a secret.',
      resolve: ({ after }) => after ?? null,
    }),
  }),
});

/** Two versions are read and compared. */
export const COMPARISON = { complexity: 2_500, listLength: 100 } as const;

export const AgentVersionRef = builder.objectRef<AgentVersion>('AgentVersion').implement({
  ...entity,
  description: 'A version of an agent: who made it, when, how and why.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: "The number: the agent's `version`." }),
    ...originFields(t, (version) => version),
    sections: t.field({
      type: [HistorySectionType],
      description: 'The parts of the agent that it changed.',
      resolve: ({ sections }) => [...sections],
    }),
    restoredFrom: t.exposeInt('restoredFrom', {
      nullable: true,
      description: 'Of a restore: the version that the restored parts come from.',
    }),
    current: t.boolean({
      description: 'Whether the agent is at this version.',
      resolve: ({ version, agent }) => version === agent.version,
    }),
    changes: t.field({
      type: [ChangeRef],
      ...COMPARISON,
      fails: ['version.not_found'],
      description:
        'What differs from another version, section by section. Secrets never appear: of one that changed, only its path.',
      args: {
        against: t.arg.int({
          ...VERSION_RANGE,
          description:
            'The version to compare with. If omitted: the version before. The first version is compared with an empty agent.',
        }),
      },
      resolve: async (version, { against }, { services, work }) => [
        ...(await services.history.changes(work, version, against)),
      ],
    }),
    definition: t.string({
      complexity: 2_500,
      fails: ['version.not_found'],
      description:
        'The agent at this version as a definition: the same bytes as `Agent.export` returned then.',
      args: formatArg(t.arg),
      resolve: async ({ agent, version }, { format }, { services, work }) => {
        const content = await services.history.content(work, agent, version);
        return services.definitions.export(work, content, format);
      },
    }),
  }),
});
for (const ref of [MessageRef, LogRef]) {
  builder.objectField(ref, 'answeredBy', (t) =>
    t.field({
      type: AgentVersionRef,
      ...mayOnOwned('viewer', 'agents:read'),
      reads: ['owner', 'agentId', 'agentVersion'],
      complexity: 20,
      fails: ['version.not_found'],
      description:
        'The version of the agent that answered, with its author and its definition. Null if the runtime named none, and of an agent that was removed; with an error `version.not_found` if the version is no longer kept.',
      resolve: async ({ owner, agentId, agentVersion }, _, { loaders, services, work }) => {
        if (agentVersion === undefined) return null;
        const org = owner.slice(0, owner.indexOf('/'));
        const agent = await loaders.agent.load({ org, id: agentId });
        // A later agent of the same id is another owner.
        if (!agent || ownerKey(agent) !== owner) return null;
        return services.history.get(work, agent, agentVersion);
      },
    }),
  );
}

const AgentVersionConnection = connectionOf(AgentVersionRef);

const READS = ['org', 'id', 'historyId', 'version'] as const;

builder.objectFields(AgentRef, (t) => ({
  history: t.field({
    type: AgentVersionConnection,
    reads: READS,
    ...mayOnDocument('viewer', 'agents:read'),
    description: "The agent's versions, newest first. Each condition that is set limits the list.",
    args: {
      ...pageArgs(t.arg),
      section: t.arg({
        type: HistorySectionType,
        description: 'Only versions that changed this part.',
      }),
      actor: t.arg.id({ description: 'Only versions by the actor with this id.' }),
      start: t.arg({ type: 'Instant', description: 'The start of the time range, inclusive.' }),
      end: t.arg({ type: 'Instant', description: 'The end of the time range, exclusive.' }),
    },
    resolve: (agent, query, { services, work }) => services.history.list(work, agent, query),
  }),
  atVersion: t.field({
    type: AgentVersionRef,
    reads: READS,
    ...mayOnDocument('viewer', 'agents:read'),
    fails: ['version.not_found'],
    description:
      'One version of the agent. Null, with an error `version.not_found`, if the agent has no such version, or if it is no longer kept.',
    args: {
      version: t.arg.int({
        ...VERSION_RANGE,
        required: true,
        description: 'The number of the version.',
      }),
    },
    resolve: (agent, { version }, { services, work }) => services.history.get(work, agent, version),
  }),
  changes: t.field({
    type: [ChangeRef],
    nullable: true,
    reads: READS,
    ...COMPARISON,
    fails: ['version.not_found'],
    description:
      'What differs between two versions of the agent, section by section. Null, with an error `version.not_found`, if one of them is not kept.',
    args: {
      from: t.arg.int({ ...VERSION_RANGE, required: true, description: 'The version before.' }),
      to: t.arg.int({
        ...VERSION_RANGE,
        description: 'The version after. If omitted: the current one.',
      }),
    },
    resolve: async (agent, { from, to }, { services, work }) => [
      ...(await services.history.between(work, agent, from, to ?? agent.version)),
    ],
  }),
}));

const RestoreAgentPayload = builder
  .objectRef<ItemChange<readonly ChangedSection[]>>('RestoreAgentPayload')
  .implement({
    description: 'The result of a restore.',
    fields: (t) => ({
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
      restored: t.field({
        type: [ChangedSectionType],
        description: 'The sections that differed, and are restored.',
        resolve: ({ item }) => [...item],
      }),
    }),
  });

/** What is restored. */
export function restoreArgs(arg: ArgBuilder<Types>) {
  return {
    version: arg.int({
      ...VERSION_RANGE,
      required: true,
      description: 'The version to restore.',
    }),
    sections: arg({
      type: [ChangedSectionType],
      maxItems: CHANGED_SECTIONS.length,
      description: 'The sections to restore. If omitted: all.',
    }),
  };
}

builder.mutationField('restoreAgent', (t) =>
  serviceMutation(t, RestoreAgentPayload, {
    scope: 'agents:write',
    fails: ['version.not_found', 'version.not_restorable', 'agent.too_large', ...PLAN_REFUSALS],
    description:
      'Gives the agent the content that it had at an earlier version, as a new version. Secrets and grants of tools that remain bound are kept. Rejected with every problem if the agent would not be valid, e.g. if a playbook would refer to a skill that the earlier version does not have.',
    args: {
      ...restoreArgs(t.arg),
      ...planArg(t.arg),
      message: t.arg({
        ...TEXT.message,
        description: 'The reason of the change, in place of `X-Change-Message`.',
      }),
    },
    call: (target, request, { history }) => history.restore(...target, request),
  }),
);
