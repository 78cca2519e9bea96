import type { Agent } from '../src/domain/agents.ts';
import {
  type AgentToolBinding,
  CONFIG_STATUSES,
  configStatus,
  missingFields,
  readableConfig,
  toolBindingOf,
} from '../src/domain/tool-bindings.ts';
import { addAgentItems } from './agent-items.ts';
import { serviceMutation } from './agent-mutations.ts';
import { idArg, inputArg } from './args.ts';
import { builder } from './builder.ts';
import { ToolRef } from './catalog-manifests.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { inherited } from './rights.ts';
import { NAMES, TEXT } from './texts.ts';

/** A binding and its agent. */
export interface BoundTool {
  readonly agent: Agent;
  readonly binding: AgentToolBinding;
}

const ConfigStatusEnum = enumOf(
  'ToolConfigStatus',
  "Whether a binding's config has every required field.",
  CONFIG_STATUSES,
  {
    complete: 'Every required field has a value.',
    incomplete: 'Required fields have no value: `missing` names them.',
  },
);

export const ToolBindingRef = builder.objectRef<BoundTool>('ToolBinding').implement({
  description: 'The binding of a catalog tool to an agent, with its config.',
  fields: (t) => ({
    toolId: t.id({
      description: "The tool's catalog id. An agent has at most one binding per tool.",
      resolve: ({ binding }) => binding.toolId,
    }),
    tool: t.field({
      type: ToolRef,
      nullable: true,
      description: 'The tool. Null if the catalog no longer has it.',
      resolve: ({ binding }, _, { services }) => services.catalog.tools.get(binding.toolId),
    }),
    name: t.string({
      description: "The tool's name, or its id if the catalog no longer has it.",
      resolve: ({ binding: { toolId } }, _, { services }) =>
        services.catalog.tools.get(toolId)?.name ?? toolId,
    }),
    enabled: t.boolean({
      description: 'Whether the agent may use the tool.',
      resolve: ({ binding }) => binding.enabled,
    }),
    config: t.field({
      type: 'JSONObject',
      description:
        "The config, as the tool's `configSchema` describes it. A write-only field is shown as `{ configured, hint, updatedAt }`.",
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

/** The description of a tool's id as an argument. */
export const TOOL_ID = "The tool's catalog id.";

addAgentItems({
  list: 'toolBindings',
  item: 'toolBinding',
  type: ToolBindingRef,
  noun: 'tool binding',
  description: "The agent's tool bindings.",
  id: TOOL_ID,
  notFound: 'tool_binding.not_found',
  reads: ['toolBindings'],
  all: (agent) => (agent.toolBindings ?? []).map((binding) => ({ agent, binding })),
  one: boundTool,
});

function boundTool(agent: Agent, id: string): BoundTool {
  return { agent, binding: toolBindingOf(agent, id) };
}

const CONFIG =
  "The config, as the tool's `configSchema` describes it. `null` clears a field. A write-only field that is sent as it was read keeps its value.";

const ToolBindingInput = builder.inputType('ToolBindingInput', {
  description: 'A tool binding: its config, or all of it as it was read.',
  fields: (t) => ({
    toolId: t.id({ description: `${TOOL_ID} Accepted only if it is the id of the binding.` }),
    enabled: t.boolean({
      clearable: false,
      description:
        'Whether the agent may use the tool. If omitted, it stays; true if the tool was not bound.',
    }),
    config: t.field({ type: 'JSONObject', required: true, description: CONFIG }),
    name: t.field({ ...TEXT.description, description: 'Ignored.' }),
    configStatus: t.field({ type: ConfigStatusEnum, description: 'Ignored.' }),
    missing: t.field({ ...NAMES, description: 'Ignored.' }),
    oauth: t.field({ type: 'JSONObject', description: 'Ignored.' }),
  }),
});

const UpdateToolBindingInput = builder.inputType('UpdateToolBindingInput', {
  description: 'The fields of the config of a tool binding to change.',
  fields: (t) => ({
    config: t.field({ type: 'JSONObject', required: true, description: CONFIG }),
  }),
});

const ToolBindingPayload = builder.objectRef<BoundTool>('ToolBindingPayload').implement({
  description: 'A changed tool binding and its agent.',
  fields: (t) => ({
    toolBinding: t.field({
      type: ToolBindingRef,
      description: 'The tool binding.',
      resolve: (bound) => bound,
    }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
  }),
});

builder.mutationFields((t) => {
  const scope = 'agents:write';
  const id = idArg(t.arg, TOOL_ID);
  return {
    replaceToolBinding: serviceMutation(t, ToolBindingPayload, {
      scope,
      fails: ['tool.unknown'],
      description:
        "Binds a tool to the agent, or replaces the binding's config. Omitted fields of the config are cleared.",
      args: { id, input: inputArg(t.arg, ToolBindingInput, 'The binding.') },
      call: async (target, { id, input }, { toolBindings }) => {
        const { toolId, enabled, config } = input;
        const given = { toolId, enabled, config };
        return boundTool(await toolBindings.configure(...target, id, 'replace', given), id);
      },
    }),
    updateToolBinding: serviceMutation(t, ToolBindingPayload, {
      scope,
      fails: ['tool_binding.not_found'],
      description: "Merges the given fields into a tool binding's config. `null` clears a field.",
      args: { id, input: inputArg(t.arg, UpdateToolBindingInput, 'The config.') },
      call: async (target, { id, input }, { toolBindings }) =>
        boundTool(await toolBindings.configure(...target, id, 'merge', input), id),
    }),
    enableToolBinding: serviceMutation(t, ToolBindingPayload, {
      scope,
      fails: ['tool_binding.not_found'],
      description: 'Enables a tool binding: the agent may use the tool.',
      args: { id },
      call: async (target, { id }, { toolBindings }) =>
        boundTool(await toolBindings.setEnabled(...target, id, true), id),
    }),
    disableToolBinding: serviceMutation(t, ToolBindingPayload, {
      scope,
      fails: ['tool_binding.not_found'],
      description: 'Disables a tool binding: the agent may not use the tool. Its config stays.',
      args: { id },
      call: async (target, { id }, { toolBindings }) =>
        boundTool(await toolBindings.setEnabled(...target, id, false), id),
    }),
    deleteToolBinding: serviceMutation(t, AgentRef, {
      scope,
      fails: ['tool_binding.not_found'],
      description: 'Removes a tool binding, its secrets and its OAuth grant.',
      args: { id },
      call: (target, { id }, { toolBindings }) => toolBindings.remove(...target, id),
    }),
  };
});
