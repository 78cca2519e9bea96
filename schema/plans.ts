import type {
  FieldRef,
  InputFieldMap,
  InputShapeFromFields,
  ObjectFieldBuilder,
} from '@pothos/core';
import type { GraphQLSchema } from 'graphql';
import type { Scope } from '../src/auth/rights.ts';
import { type Agent, assertAgentFits } from '../src/domain/agents.ts';
import type { ErrorCode } from '../src/domain/errors.ts';
import type { ReportedConflict } from '../src/domain/merge-import.ts';
import { AGENT_PARTS } from '../src/domain/sections.ts';
import { applyingTemplate, applyingUpdate } from '../src/plans/catalog-changes.ts';
import { creatingAgent, plannedId } from '../src/plans/creation.ts';
import type { Intention } from '../src/plans/intention.ts';
import type { Blocker, Plan } from '../src/plans/service.ts';
import type { Services } from '../src/services.ts';
import type { Work } from '../src/work.ts';
import { CreateAgentInput, mayCreateAgent } from './agents.ts';
import { expectedVersionArg, idArg, inputArg } from './args.ts';
import { builder, type Types } from './builder.ts';
import { definitionIn, documentIn, formatArg, importArgs } from './definitions.ts';
import { ChangedSectionType, ChangeRef, restoreArgs } from './history.ts';
import { ActorRef } from './origin.ts';
import {
  AgentPrompt,
  conversationArgs,
  mayReadPrompt,
  measuredPrompt,
  PROMPT_COST,
} from './prompt.ts';
import { ReadinessFinding } from './readiness.ts';
import { readinessReads } from './reads.ts';
import { AgentRef, OrgRef } from './refs.ts';
import { inherited, may, mayOnDocument, mayOnOrg } from './rights.ts';
import { PieceKindType } from './updates.ts';

const value = (version: string) =>
  `The value ${version}; of the place of an item, the id of the item in front of it.`;

const ConflictRef = builder.objectRef<ReportedConflict>('MergeConflict').implement({
  description:
    'A field that was changed both in the definition that is imported and, since its base, in the agent, each in its own way.',
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
        'The field, within its section or item. Empty for an item that one side removed and the other changed, and for the place of an item.',
    }),
    base: t.field({
      type: 'JSON',
      nullable: true,
      description: value('at the base'),
      resolve: ({ base }) => base ?? null,
    }),
    theirs: t.field({
      type: 'JSON',
      nullable: true,
      description: value('that the agent has'),
      resolve: ({ theirs }) => theirs ?? null,
    }),
    yours: t.field({
      type: 'JSON',
      nullable: true,
      description: value('in the definition'),
      resolve: ({ yours }) => yours ?? null,
    }),
    valuesOmitted: t.boolean({
      nullable: true,
      description: 'True if the values are left out, because the answer would be too long.',
      resolve: ({ valuesOmitted }) => valuesOmitted,
    }),
    theirActor: t.expose('theirActor', {
      type: ActorRef,
      nullable: true,
      description:
        'Who changed the field of the agent last. Unset if that is not among the newest versions.',
    }),
    theirVersion: t.exposeInt('theirVersion', {
      nullable: true,
      description: 'The version that changed it.',
    }),
    theirAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was changed.',
      resolve: ({ theirAt }) => theirAt,
    }),
  }),
});

const BlockerRef = builder.objectRef<Blocker>('PlanBlocker').implement({
  description: 'A problem because of which the change would be rejected.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The code of the error.' }),
    path: t.exposeString('path', { description: 'The path of the problem; empty if it has none.' }),
    message: t.exposeString('message', { description: 'The problem in words.' }),
  }),
});

const PlanReadiness = builder.objectRef<Plan['readiness']>('PlanReadiness').implement({
  description: 'The readiness of an agent before and after a change.',
  fields: (t) => ({
    before: t.field({
      type: [ReadinessFinding],
      ...inherited,
      listLength: 200,
      description: 'The problems of the agent as it is.',
      resolve: ({ before }) => [...before],
    }),
    after: t.field({
      type: [ReadinessFinding],
      ...inherited,
      listLength: 200,
      description: 'The problems that it would have after the change.',
      resolve: ({ after }) => [...after],
    }),
  }),
});

const PlanRef = builder.objectRef<Plan>('AgentPlan').implement({
  description: 'What a change would make of an agent. Nothing is written.',
  fields: (t) => ({
    plan: t.string({
      nullable: true,
      description:
        'Sent with the same change within 15 minutes, it carries the change out exactly as it is shown. Unset if there is a blocker, or a conflict that no side wins.',
      resolve: ({ token }) => token,
    }),
    baseVersion: t.exposeInt('baseVersion', {
      description:
        'The version of the agent that the plan is for; 0 if the change would create the agent.',
    }),
    changes: t.field({
      type: [ChangeRef],
      listLength: 100,
      description:
        'What would change, field by field. With conflicts that no side wins: the rest, with these fields as they are.',
      resolve: ({ changes }) => [...changes],
    }),
    conflicts: t.field({
      type: [ConflictRef],
      listLength: 20,
      description: 'Of a merge: the fields that both sides changed, at most 500.',
      resolve: ({ conflicts }) => [...conflicts],
    }),
    blockers: t.field({
      type: [BlockerRef],
      description: 'The problems because of which the change would be rejected.',
      resolve: ({ blockers }) => [...blockers],
    }),
    readiness: t.expose('readiness', {
      type: PlanReadiness,
      ...inherited,
      description: 'The readiness before and after the change.',
    }),
    definition: t.string({
      ...may<Plan, object>('viewer', 'agents:read', ({ after }) => after.org),
      fails: ['agent.too_large'],
      complexity: 2_500,
      description:
        'The agent after the change as a definition, as `Agent.export` would return it. With conflicts that no side wins: with these fields as they are.',
      args: formatArg(t.arg),
      resolve: ({ after }, { format }, { services, work }) => {
        assertAgentFits(after);
        return services.definitions.export(work, after, format);
      },
    }),
    prompt: t.field({
      type: AgentPrompt,
      ...mayReadPrompt<Plan>(({ after }) => after.org),
      fails: ['playbook.not_found', 'person.not_found', 'agent.too_large'],
      description:
        'The system prompt that the model would see after the change, of which a blocked change shows the part that can be made. As `Agent.prompt`, which has the same arguments and the same rights.',
      complexity: ({ childComplexity }) => childComplexity + PROMPT_COST,
      args: conversationArgs(t.arg),
      resolve: ({ after }, { playbook, person, channel }, context) => {
        assertAgentFits(after);
        return measuredPrompt(context, after, { playbookId: playbook, personId: person, channel });
      },
    }),
  }),
});

/** A change is previewed, and readiness is computed twice. */
const PREVIEW = { complexity: 5_000 } as const;

const READS = [
  'org',
  'id',
  'uid',
  'historyId',
  'version',
  'createdAt',
  'updatedAt',
  ...AGENT_PARTS,
] as const;

interface PlanField<Args extends InputFieldMap> {
  readonly scope: Scope;
  readonly description: string;
  readonly fails: readonly ErrorCode[];
  readonly args: Args;
  intend(
    agent: Agent,
    given: InputShapeFromFields<Args>,
    services: Services,
    work: Work,
    schema: GraphQLSchema,
  ): Intention<unknown> | Promise<Intention<unknown>>;
}

/** A field of an agent that plans a change. It requires the right of the change. */
function planField<Args extends InputFieldMap>(
  t: ObjectFieldBuilder<Types, Agent>,
  { scope, description, fails, args, intend }: PlanField<Args>,
): FieldRef<Types, Plan | null | undefined> {
  return t.field({
    type: PlanRef,
    ...mayOnDocument('editor', scope),
    ...PREVIEW,
    reads: READS,
    description,
    fails: ['version.mismatch', ...fails],
    // Pothos computes no arguments from a type parameter: `given` gets its type below.
    args: { ...(args as object), expectedVersion: expectedVersionArg(t.arg, 'agent') },
    resolve: async (agent, given, { services, loaders, work }, { schema }) => {
      const asked = given as unknown as InputShapeFromFields<Args>;
      const intention = await intend(agent, asked, services, work, schema);
      return services.plans.preview(
        work,
        agent,
        given.expectedVersion,
        intention,
        readinessReads(loaders),
      );
    },
  });
}

builder.objectFields(AgentRef, (t) => ({
  planImport: planField(t, {
    scope: 'agents:write',
    fails: ['version.not_found'],
    description:
      'What `importAgent` would make of the agent. Nothing is written. Null, with an error, if the definition cannot be read.',
    args: importArgs(t.arg),
    intend: (agent, given, { definitions }, work, schema) =>
      definitions.importing(work, agent, given, (it) => definitionIn(schema, it)),
  }),
  planTemplate: planField(t, {
    scope: 'templates:apply',
    fails: ['catalog.not_found'],
    description: 'What `applyAgentTemplate` would make of the agent. Nothing is written.',
    args: { templateId: idArg(t.arg, "The template's qualified id.") },
    intend: (_, { templateId }, { catalog }) => applyingTemplate(templateId, catalog),
  }),
  planUpdate: planField(t, {
    scope: 'agents:write',
    fails: [
      'personality.not_set',
      'objective.not_found',
      'skill.not_found',
      'playbook.not_found',
      'update.not_derived',
      'update.template_missing',
    ],
    description: 'What `applyUpdate` would make of the agent. Nothing is written.',
    args: {
      kind: t.arg({ type: PieceKindType, required: true, description: 'The kind of the piece.' }),
      id: t.arg.id({ description: 'The id of the piece. Omitted for the personality.' }),
    },
    intend: (_, piece, { catalog }) => applyingUpdate(piece, catalog),
  }),
  planRestore: planField(t, {
    scope: 'agents:write',
    fails: ['version.not_found'],
    description: 'What `restoreAgent` would make of the agent. Nothing is written.',
    args: restoreArgs(t.arg),
    intend: (agent, given, { history }, work) => history.restoring(work, agent, given),
  }),
}));

builder.objectField(OrgRef, 'planAgent', (t) =>
  t.field({
    type: PlanRef,
    ...mayCreateAgent<{ id: string }>(({ id }) => id),
    ...PREVIEW,
    fails: ['catalog.not_found'],
    description:
      'What `createAgent` would create. Nothing is written. The input must have an `id`: the plan is for it.',
    args: { input: inputArg(t.arg, CreateAgentInput, 'The agent.') },
    resolve: async (org, { input }, { services, loaders, work }) => {
      const { agents, catalog, plans } = services;
      const ref = { org: org.id, id: plannedId(input) };
      const intention = creatingAgent(input, catalog);
      const agent = (await agents.find(work, ref)) ?? (await agents.absent(work, ref));
      return plans.preview(work, agent, undefined, intention, readinessReads(loaders));
    },
  }),
);

builder.objectField(OrgRef, 'planImport', (t) =>
  t.field({
    type: PlanRef,
    ...mayOnOrg('editor', 'agents:write'),
    ...PREVIEW,
    fails: ['agent.not_found', 'version.mismatch', 'version.not_found'],
    description:
      'What `importAgentDocument` would make of the agent that the document names, or which agent it would create. Nothing is written. Null, with an error, if the document cannot be read.',
    args: { ...importArgs(t.arg), expectedVersion: expectedVersionArg(t.arg, 'agent') },
    resolve: async (
      org,
      { expectedVersion, ...request },
      { services, loaders, work },
      { schema },
    ) => {
      const { agent, intention } = await services.definitions.planningDocument(
        work,
        org.id,
        expectedVersion,
        request,
        (value) => documentIn(schema, value),
      );
      const reads = readinessReads(loaders);
      return services.plans.preview(work, agent, expectedVersion, intention, reads);
    },
  }),
);
