import { AGENT_SORTS } from '../src/agents/search.ts';
import { notFound } from '../src/agents/service.ts';
import { updateAgent } from '../src/domain/agents.ts';
import { PLAN_REFUSALS } from '../src/domain/plans.ts';
import { type CreationInput, creatingAgent } from '../src/plans/creation.ts';
import { andThen } from '../src/store/bounds.ts';
import { agentMutation, serviceMutation } from './agent-mutations.ts';
import { idArg, inputArg, orgArg, pageArgs, planArg } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { AgentIdentityInput } from './identity.ts';
import { AgentRef, OrgRef } from './refs.ts';
import { entity, may, mayOnOrg } from './rights.ts';
import { selectedPage } from './selection.ts';
import { TEXT } from './texts.ts';

const NAME = 'The name.';
const DESCRIPTION = 'A human-readable description.';

AgentRef.implement({
  ...entity,
  projected: true,
  description:
    'A conversational agent. One document with one version holds everything that shapes its behaviour.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: unique within the org, immutable.' }),
    orgId: t.exposeID('org', { description: 'The id of its org.' }),
    name: t.exposeString('name', { description: NAME }),
    description: t.exposeString('description', {
      nullable: true,
      description: DESCRIPTION,
    }),
    version: t.exposeInt('version', {
      description:
        'The number of writes so far. Sent as `expectedVersion`, it limits a change to the version that was read.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the agent was created.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the agent was last changed.',
    }),
  }),
});

const AgentConnection = connectionOf(AgentRef);

const AgentSortEnum = enumOf('AgentSort', 'The order of a list of agents.', AGENT_SORTS, {
  createdAt: 'Oldest first.',
  '-createdAt': 'Newest first.',
  name: 'By name, from A to Z. Neither case nor what precedes the first letter or digit matters.',
  '-name': 'By name, from Z to A.',
  '-updatedAt': 'Last changed first.',
});

builder.objectFields(OrgRef, (t) => ({
  agent: t.field({
    type: AgentRef,
    ...mayOnOrg('viewer', 'agents:read'),
    fails: ['agent.not_found'],
    description: 'One agent. Null, with an error `agent.not_found`, if it does not exist.',
    args: { id: idArg(t.arg, "The agent's id.") },
    resolve: (org, { id }, { loaders }) =>
      andThen(loaders.agent.load({ org: org.id, id }), (agent) => {
        if (!agent) throw notFound(`${org.id}/${id}`);
        return agent;
      }),
  }),
  agents: t.field({
    type: AgentConnection,
    ...mayOnOrg('viewer', 'agents:read'),
    description: "The org's agents, newest first unless `sort` is set.",
    args: {
      ...pageArgs(t.arg),
      query: t.arg({
        ...TEXT.search,
        description:
          'Only agents whose id starts with this text, or whose name does at one of its first eight words. Case does not matter.',
      }),
      sort: t.arg({
        type: AgentSortEnum,
        description: 'The order of the agents. If omitted, the newest are first.',
      }),
    },
    resolve: (org, query, { services, work }, info) =>
      selectedPage(info, (parts) => services.agents.list(work, org.id, query, parts)),
  }),
}));

export const CreateAgentInput = builder.inputType('CreateAgentInput', {
  description: 'A new agent.',
  fields: (t) => ({
    id: t.field({ type: 'Slug', description: 'A slug. If omitted, it is derived from the name.' }),
    name: t.field({ ...TEXT.name, required: true, description: NAME }),
    description: t.field({ ...TEXT.description, description: DESCRIPTION }),
    identity: t.field({ type: AgentIdentityInput, description: 'Branding and contact details.' }),
    templateId: t.id({
      description:
        'The qualified id of the agent template that is applied to it, as by `applyAgentTemplate`. Requires `templates:apply` too. If omitted, the agent is empty.',
    }),
  }),
});

/** The right to create an agent; from a template, the right to apply templates too. */
export function mayCreateAgent<Parent>(
  orgOf: (parent: Parent, args: { org?: string }) => string | undefined,
) {
  return may<Parent, { org?: string; input: CreationInput }>(
    'editor',
    'agents:write',
    orgOf,
    ({ input: { templateId } }) =>
      templateId == null ? undefined : { role: 'editor', scope: 'templates:apply' },
  );
}

const UpdateAgentInput = builder.inputType('UpdateAgentInput', {
  description: 'The fields of an agent to change. `null` clears a field.',
  fields: (t) => ({
    name: t.field({ ...TEXT.name, clearable: false, description: NAME }),
    description: t.field({ ...TEXT.description, description: DESCRIPTION }),
    identity: t.field({
      type: AgentIdentityInput,
      description: 'The fields of the identity to change.',
    }),
  }),
});

builder.mutationFields((t) => ({
  createAgent: t.field({
    type: AgentRef,
    ...mayCreateAgent<object>((_, { org }) => org),
    fails: [
      'agent.id_taken',
      'agent.too_large',
      'catalog.not_found',
      'template.not_applicable',
      ...PLAN_REFUSALS,
    ],
    description:
      'Creates an agent, with an Active webchat binding, and applies the template that the input names. Both are one change.',
    args: {
      org: orgArg(t.arg),
      input: inputArg(t.arg, CreateAgentInput, 'The agent.'),
      ...planArg(t.arg),
    },
    resolve: (_, { org, input, plan }, { services: { plans, catalog }, work }) =>
      plans.create(work, org, input, creatingAgent(input, catalog), plan),
  }),
  updateAgent: agentMutation(t, {
    scope: 'agents:write',
    description: 'Changes the given fields of an agent. `null` clears a field.',
    args: { input: inputArg(t.arg, UpdateAgentInput, 'The fields to change.') },
    change: (agent, { input }) => updateAgent(agent, input),
  }),
  deleteAgent: serviceMutation(t, AgentRef, {
    scope: 'agents:write',
    description:
      'Removes an agent with everything that belongs to it, secrets and people included. Returns its last state.',
    args: {},
    call: (target, _, { agents }) => agents.delete(...target),
  }),
}));
