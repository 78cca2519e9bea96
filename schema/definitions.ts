import { EXPORT_FORMATS } from '../src/definitions/service.ts';
import { DEFINITION_SECTIONS, type DefinitionSection } from '../src/domain/definitions.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { GuardrailsInput } from './guardrails.ts';
import { AgentIdentityInput } from './identity.ts';
import { MessageTemplateInput } from './message-templates.ts';
import { ObjectiveInput } from './objectives.ts';
import { OutreachInput } from './outreach.ts';
import { PersonalityInput } from './personality.ts';
import { PlaybookInput } from './playbooks.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';
import { SectionType } from './sections.ts';
import { SkillInput } from './skills.ts';

const ExportFormatType = enumOf('ExportFormat', 'How an export is written.', EXPORT_FORMATS, {
  yaml: 'YAML.',
  json: 'JSON.',
});

builder.objectField(AgentRef, 'export', (t) =>
  t.string({
    description:
      'The agent as a definition that REST can import again, here or elsewhere: every section, no secret, no time. Its words are those of REST, so enum values are to be spelt anew for `importAgentDefinition`.',
    reads: DEFINITION_SECTIONS,
    complexity: 2_500,
    args: {
      format: t.arg({
        type: ExportFormatType,
        required: true,
        defaultValue: 'yaml',
        description: 'How it is written.',
      }),
    },
    resolve: (agent, { format }, { services }) => services.definitions.export(agent, format),
  }),
);

const ToolBindingDefinitionInput = builder.inputType('ToolBindingDefinitionInput', {
  description: 'A bound tool, without its secrets: those that it has stay.',
  fields: (t) => ({
    toolId: t.id({ required: true, description: "The tool's catalog id." }),
    enabled: t.boolean({ description: 'Whether the agent may use it; true when left out.' }),
    config: t.field({
      type: 'JSONObject',
      description: "In the shape of the tool's `configSchema`, without write-only fields.",
    }),
  }),
});

const AgentDefinitionInput = builder.inputType('AgentDefinitionInput', {
  description:
    "An agent's definition, as `export` gives it but for how enum values are spelt. A section that is there replaces the agent's, `null` with nothing; the others stay.",
  fields: (t) => ({
    identity: t.field({ type: AgentIdentityInput, description: 'Branding and contact details.' }),
    personality: t.field({ type: PersonalityInput, description: 'Voice and tone.' }),
    playbooks: t.field({
      type: [PlaybookInput],
      description: 'The playbooks, of which exactly one is the default.',
    }),
    objectives: t.field({ type: [ObjectiveInput], description: 'The goals.' }),
    skills: t.field({ type: [SkillInput], description: "The agent's own skills." }),
    guardrails: t.field({ type: GuardrailsInput, description: 'The guardrails.' }),
    messageTemplates: t.field({
      type: [MessageTemplateInput],
      description: 'The canned messages.',
    }),
    outreach: t.field({ type: OutreachInput, description: 'How it opens a conversation.' }),
    toolBindings: t.field({ type: [ToolBindingDefinitionInput], description: 'The bound tools.' }),
    products: t.field({
      type: ['NonBlank'],
      description: 'The products that it is for: a note that travels with the definition.',
    }),
  }),
});

const ImportDefinitionPayload = builder
  .objectRef<ItemChange<readonly DefinitionSection[]>>('ImportAgentDefinitionPayload')
  .implement({
    description: 'What the import of a definition came to.',
    fields: (t) => ({
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
      applied: t.field({
        type: [SectionType],
        description: 'The sections that the definition has.',
        resolve: ({ item }) => item,
      }),
    }),
  });

builder.mutationField('importAgentDefinition', (t) =>
  t.field({
    type: ImportDefinitionPayload,
    ...mayInOrg('editor', 'agents:write'),
    description:
      'Applies the sections that a definition has, all of them or none. A reference of other sections to what is no longer there goes.',
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: AgentDefinitionInput, required: true, description: 'The definition.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.definitions.import(work, { org, id: agent }, expectedVersion, input),
  }),
);
