import type { Agent } from '../src/domain/agents.ts';
import {
  type AgentToolBinding,
  CONFIG_STATUSES,
  configStatus,
  missingFields,
  readableConfig,
  toolBindingOf,
} from '../src/domain/tool-bindings.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';

/** A binding, and the agent that it is in. */
export interface BoundTool {
  readonly agent: Agent;
  readonly binding: AgentToolBinding;
}

const ConfigStatusEnum = enumOf(
  'ToolConfigStatus',
  "Whether a binding's config has all that its tool requires.",
  CONFIG_STATUSES,
  {
    complete: 'Every required field has a value.',
    incomplete: 'Required fields have none: `missing` names them.',
  },
);

export const ToolBindingRef = builder.objectRef<BoundTool>('ToolBinding').implement({
  description: 'A catalog tool bound to an agent, with the config that it needs there.',
  fields: (t) => ({
    toolId: t.id({
      description: "The tool's catalog id; one binding per tool and agent.",
      resolve: ({ binding }) => binding.toolId,
    }),
    tool: t.field({
      type: ToolRef,
      nullable: true,
      description: 'The tool; null when it has left the catalog.',
      resolve: ({ binding }, _, { services }) => services.catalog.tools.get(binding.toolId),
    }),
    name: t.string({
      description: "The tool's name; its id when it has left the catalog.",
      resolve: ({ binding: { toolId } }, _, { services }) =>
        services.catalog.tools.get(toolId)?.name ?? toolId,
    }),
    enabled: t.boolean({
      description: 'Whether the agent may use it.',
      resolve: ({ binding }) => binding.enabled,
    }),
    config: t.field({
      type: 'JSONObject',
      description:
        "The config, in the shape of the tool's `configSchema`. A write-only field reads `{ configured, hint, updatedAt }`.",
      resolve: ({ binding }, _, { services }) =>
        readableConfig(binding, services.catalog.tools.get(binding.toolId)),
    }),
    configStatus: t.field({
      type: ConfigStatusEnum,
      description: 'Whether every required field of the config has a value.',
      resolve: ({ binding }, _, { services }) =>
        configStatus(binding, services.catalog.tools.get(binding.toolId)),
    }),
    missing: t.field({
      type: ['String'],
      description: 'The required fields of the config that have no value.',
      resolve: ({ binding }, _, { services }) =>
        missingFields(binding, services.catalog.tools.get(binding.toolId)),
    }),
  }),
});

builder.objectFields(AgentRef, (t) => ({
  toolBindings: t.field({
    type: [ToolBindingRef],
    reads: ['toolBindings'],
    description: 'The tools that are bound to it.',
    resolve: (agent) => (agent.toolBindings ?? []).map((binding) => ({ agent, binding })),
  }),
  toolBinding: t.field({
    type: ToolBindingRef,
    nullable: true,
    description:
      'Its binding of one tool. Null, with an error `tool_binding.not_found`, when that tool is not bound.',
    reads: ['toolBindings'],
    args: { id: t.arg.id({ required: true, description: "The tool's catalog id." }) },
    resolve: (agent, { id }) => ({ agent, binding: toolBindingOf(agent, id) }),
  }),
}));

const ToolBindingInput = builder.inputType('ToolBindingInput', {
  description: 'The config of a binding, or the fields of one to change.',
  fields: (t) => ({
    config: t.field({
      type: 'JSONObject',
      required: true,
      description:
        "In the shape of the tool's `configSchema`. `null` clears a field; a write-only field sent as it was read keeps its value.",
    }),
  }),
});

const ToolBindingPayload = builder.objectRef<BoundTool>('ToolBindingPayload').implement({
  description: 'What a change of a binding came to.',
  fields: (t) => ({
    toolBinding: t.field({
      type: ToolBindingRef,
      description: 'The binding.',
      resolve: (bound) => bound,
    }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
  }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const args = {
    ...agentArgs(t.arg),
    id: t.arg.id({ required: true, description: "The tool's catalog id." }),
  };
  const input = t.arg({ type: ToolBindingInput, required: true, description: 'The config.' });
  const payload = (agent: Agent, id: string) => ({ agent, binding: toolBindingOf(agent, id) });
  return {
    replaceToolBinding: t.field({
      type: ToolBindingPayload,
      ...right,
      description: "Binds a tool, or replaces its binding's config; what is not given is cleared.",
      args: { ...args, input },
      resolve: async (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        payload(
          await services.toolBindings.configure(
            work,
            { org, id: agent },
            expectedVersion,
            id,
            'replace',
            input.config,
          ),
          id,
        ),
    }),
    updateToolBinding: t.field({
      type: ToolBindingPayload,
      ...right,
      description: "Merges the given fields into a binding's config; `null` clears one.",
      args: { ...args, input },
      resolve: async (_, { org, agent, expectedVersion, id, input }, { services, work }) =>
        payload(
          await services.toolBindings.configure(
            work,
            { org, id: agent },
            expectedVersion,
            id,
            'merge',
            input.config,
          ),
          id,
        ),
    }),
    enableToolBinding: t.field({
      type: ToolBindingPayload,
      ...right,
      description: 'Lets the agent use the tool.',
      args,
      resolve: async (_, { org, agent, expectedVersion, id }, { services, work }) =>
        payload(
          await services.toolBindings.setEnabled(
            work,
            { org, id: agent },
            expectedVersion,
            id,
            true,
          ),
          id,
        ),
    }),
    disableToolBinding: t.field({
      type: ToolBindingPayload,
      ...right,
      description: 'Keeps the agent from using the tool; its config stays.',
      args,
      resolve: async (_, { org, agent, expectedVersion, id }, { services, work }) =>
        payload(
          await services.toolBindings.setEnabled(
            work,
            { org, id: agent },
            expectedVersion,
            id,
            false,
          ),
          id,
        ),
    }),
    deleteToolBinding: t.field({
      type: AgentRef,
      ...right,
      description: 'Unbinds a tool, and clears its secrets and its grant.',
      args,
      resolve: (_, { org, agent, expectedVersion, id }, { services, work }) =>
        services.toolBindings.remove(work, { org, id: agent }, expectedVersion, id),
    }),
  };
});
