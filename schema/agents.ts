import { notFound } from '../src/agents/service.ts';
import { updateAgent } from '../src/domain/agents.ts';
import { agentArgs, pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { AgentIdentityInput } from './identity.ts';
import { AgentRef, OrgRef } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';
import { selectedPage } from './selection.ts';

AgentRef.implement({
  ...entity,
  projected: true,
  description:
    'A conversational agent. Everything that shapes its behaviour is one document under one version.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Unique within the org, immutable.' }),
    orgId: t.exposeID('org', { description: 'The org it belongs to.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, in words for people.',
    }),
    version: t.exposeInt('version', {
      description: 'Counts its writes. Give it as `expectedVersion` to change only what you read.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

const AgentConnection = connectionOf(AgentRef);

builder.objectFields(OrgRef, (t) => ({
  agent: t.field({
    type: AgentRef,
    nullable: true,
    ...may<{ id: string }, object>('viewer', 'agents:read', (org) => org.id),
    description: 'One agent. Null, with an error `agent.not_found`, when there is none of that id.',
    args: { id: t.arg.id({ required: true, description: "The agent's id." }) },
    resolve: async (org, { id }, { loaders }) => {
      const agent = await loaders.agent.load({ org: org.id, id });
      if (!agent) throw notFound(`${org.id}/${id}`);
      return agent;
    },
  }),
  agents: t.field({
    type: AgentConnection,
    ...may<{ id: string }, object>('viewer', 'agents:read', (org) => org.id),
    description: "The org's agents, newest first.",
    args: pageArgs(t.arg),
    resolve: (org, page, { services, work }, info) =>
      selectedPage(info, (parts) => services.agents.list(work, org.id, page, parts)),
  }),
}));

const CreateAgentInput = builder.inputType('CreateAgentInput', {
  description: 'A new agent.',
  fields: (t) => ({
    id: t.id({ description: 'A slug; minted from the name when left out.' }),
    name: t.field({ type: 'NonBlank', required: true, description: 'Its name.' }),
    description: t.string({ description: 'What it is for, in words for people.' }),
    identity: t.field({ type: AgentIdentityInput, description: 'Branding and contact details.' }),
  }),
});

const UpdateAgentInput = builder.inputType('UpdateAgentInput', {
  description: 'The fields of an agent to change; `null` clears one.',
  fields: (t) => ({
    name: t.field({ type: 'NonBlank', description: 'Its name; cannot be cleared.' }),
    description: t.string({ description: 'What it is for, in words for people.' }),
    identity: t.field({
      type: AgentIdentityInput,
      description: 'The fields of the identity to change.',
    }),
  }),
});

builder.mutationFields((t) => ({
  createAgent: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: 'Makes an agent.',
    args: {
      org: t.arg.id({ required: true, description: 'The org.' }),
      input: t.arg({ type: CreateAgentInput, required: true, description: 'The agent.' }),
    },
    resolve: (_, { org, input }, { services, work }) => services.agents.create(work, org, input),
  }),
  updateAgent: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: 'Changes the given fields of an agent; `null` clears one.',
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: UpdateAgentInput, required: true, description: 'What to change.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        updateAgent(it, input),
      ),
  }),
  deleteAgent: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: 'Removes an agent and everything under it. Answers with its last state.',
    args: agentArgs(t.arg),
    resolve: (_, { org, agent, expectedVersion }, { services, work }) =>
      services.agents.delete(work, { org, id: agent }, expectedVersion),
  }),
}));
