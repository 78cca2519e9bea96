import type { ArgBuilder, InputFieldBuilder } from '@pothos/core';
import { coerceInputValue, GraphQLNonNull, type GraphQLSchema } from 'graphql';
import { EXPORT_FORMATS } from '../src/definitions/export.ts';
import type { DocumentInput } from '../src/domain/definitions.ts';
import { invalid } from '../src/domain/errors.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { SIDES } from '../src/domain/merge-values.ts';
import { PLAN_REFUSALS } from '../src/domain/plans.ts';
import {
  type DefinitionInput,
  SECTION_NAMES,
  SECTIONS,
  type Section,
} from '../src/domain/sections.ts';
import type { Made } from '../src/plans/service.ts';
import { serviceMutation } from './agent-mutations.ts';
import { expectedVersionArg, orgArg, planArg } from './args.ts';
import { builder, type Types } from './builder.ts';
import { enumOf } from './enums.ts';
import { GuardrailsInput } from './guardrails.ts';
import { AgentIdentityInput } from './identity.ts';
import { DEFINITION_TYPES, type DefinitionKind, definitionType, InputReader } from './input.ts';
import { MessageTemplateInput } from './message-templates.ts';
import { ObjectiveInput } from './objectives.ts';
import { OutreachInput } from './outreach.ts';
import { PersonalityInput } from './personality.ts';
import { PlaybookInput } from './playbooks.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';
import { SectionType } from './sections.ts';
import { SkillInput } from './skills.ts';
import { LIST, NAMES, TEXT } from './texts.ts';
import { VERSION_RANGE } from './version-range.ts';

const ExportFormatType = enumOf('ExportFormat', 'The format of an export.', EXPORT_FORMATS, {
  yaml: 'YAML.',
  json: 'JSON.',
});

/** `format`: the format of an export. */
export function formatArg(arg: ArgBuilder<Types>) {
  return {
    format: arg({
      type: ExportFormatType,
      required: true,
      defaultValue: 'yaml',
      description: 'The format.',
    }),
  };
}

builder.objectField(AgentRef, 'export', (t) =>
  t.string({
    description:
      'The agent as a definition that can be imported again, into any agent: every section, without secrets and times. In GraphQL, the enum values of the text are spelled as in REST, and `importAgent` accepts the text.',
    reads: SECTION_NAMES,
    complexity: 2_500,
    args: formatArg(t.arg),
    resolve: (agent, { format }, { services, work }) =>
      services.definitions.export(work, agent, format),
  }),
);

const ToolBindingDefinitionInput = builder.inputType('ToolBindingDefinitionInput', {
  description: 'A bound tool, without its secrets. A tool that stays bound keeps its secrets.',
  fields: (t) => ({
    toolId: t.id({ required: true, description: "The tool's catalog id." }),
    enabled: t.boolean({ description: 'Whether the agent may use it. Default: true.' }),
    config: t.field({
      type: 'JSONObject',
      description:
        "The config, as the tool's `configSchema` describes it, without write-only fields.",
    }),
  }),
});

const described = (section: Section) => ({ description: SECTIONS[section].description });

/** A field for each section. */
function sectionFields(t: InputFieldBuilder<Types, 'InputObject'>) {
  return {
    identity: t.field({ type: AgentIdentityInput, ...described('identity') }),
    personality: t.field({ type: PersonalityInput, ...described('personality') }),
    playbooks: t.field({ type: [PlaybookInput], ...LIST, ...described('playbooks') }),
    objectives: t.field({ type: [ObjectiveInput], ...LIST, ...described('objectives') }),
    skills: t.field({ type: [SkillInput], ...LIST, ...described('skills') }),
    guardrails: t.field({ type: GuardrailsInput, ...described('guardrails') }),
    messageTemplates: t.field({
      type: [MessageTemplateInput],
      ...LIST,
      ...described('messageTemplates'),
    }),
    outreach: t.field({ type: OutreachInput, ...described('outreach') }),
    toolBindings: t.field({
      type: [ToolBindingDefinitionInput],
      ...LIST,
      ...described('toolBindings'),
    }),
    products: t.field({ ...NAMES, ...described('products') }),
  } satisfies Record<Section, unknown>;
}

// No argument has the types: they describe the text that is imported.
builder.inputType(DEFINITION_TYPES.definition, {
  description:
    "An agent's definition, as in `export`. A section replaces the agent's section, `null` empties it, an absent section is left unchanged. In GraphQL, `importAgent` accepts it as text, in which the enum values are spelled as in REST.",
  fields: sectionFields,
});

const DocumentAgentInput = builder.inputType('DocumentAgentInput', {
  description: 'The agent that a document defines.',
  fields: (t) => ({
    id: t.field({
      type: 'Slug',
      required: true,
      description: 'The id. An agent that does not exist is created with it.',
    }),
    name: t.field({ ...TEXT.name, required: true, description: 'The name.' }),
    description: t.field({
      ...TEXT.description,
      description: 'A human-readable description. If omitted, the agent has none.',
    }),
  }),
});

builder.inputType(DEFINITION_TYPES.document, {
  description:
    "An agent as a document: a definition, as in `export`, and the agent that it defines. A section replaces the agent's section, `null` empties it, an absent section is left unchanged. The JSON Schema at `/v1/schemas/agent.json` describes it for editors. In GraphQL, `importAgentDocument` accepts it as text, in which the enum values are spelled as in REST.",
  fields: (t) => ({
    agent: t.field({
      type: DocumentAgentInput,
      required: true,
      description: 'The agent: its id, name and description.',
    }),
    ...sectionFields(t),
  }),
});

const ImportDefinitionPayload = builder
  .objectRef<ItemChange<readonly Section[]>>('ImportAgentDefinitionPayload')
  .implement({
    description: 'The result of importing a definition.',
    fields: (t) => ({
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
      applied: t.field({
        type: [SectionType],
        description: 'The sections that the definition has.',
        resolve: ({ item }) => item,
      }),
    }),
  });

/**
 * The value of a definition's text, as its input type describes it.
 *
 * @throws DomainError `request.invalid` with every problem
 */
export function definitionIn(schema: GraphQLSchema, value: unknown): DefinitionInput {
  return textValueIn(schema, 'definition', value) as DefinitionInput;
}

/** As `definitionIn`, of a document that names its agent. */
export function documentIn(schema: GraphQLSchema, value: unknown): DocumentInput {
  return textValueIn(schema, 'document', value) as DocumentInput;
}

function textValueIn(schema: GraphQLSchema, kind: DefinitionKind, value: unknown): unknown {
  const type = new GraphQLNonNull(definitionType(schema, kind));
  const reader = new InputReader('values');
  const read = reader.read(value, type, []);
  if (reader.problems.length > 0) throw invalid(reader.problems);
  return coerceInputValue(read, type);
}

const OnConflictType = enumOf(
  'OnConflict',
  'The side that wins every conflict of a merge.',
  SIDES,
  { theirs: 'The agent as it is.', yours: 'The definition that is imported.' },
);

/** The definition, and how it is merged. */
export function importArgs(arg: ArgBuilder<Types>) {
  return {
    document: arg({
      ...TEXT.document,
      required: true,
      description:
        'The definition. In GraphQL, it is the text, YAML or JSON, as `export` returns it.',
    }),
    base: arg.int({
      ...VERSION_RANGE,
      description:
        'The version of the agent that the definition was made from. Changes of the definition are merged with those that others have made since, field by field.',
    }),
    onConflict: arg({
      type: OnConflictType,
      description:
        'The side that wins every field that both sides have changed. If omitted, such a field rejects the import.',
    }),
  };
}

const IMPORT_FAILS = [
  'agent.too_large',
  'version.not_found',
  'merge.conflict',
  'merge.invalid',
  ...PLAN_REFUSALS,
] as const;

builder.mutationField('importAgent', (t) =>
  serviceMutation(t, ImportDefinitionPayload, {
    scope: 'agents:write',
    fails: IMPORT_FAILS,
    description:
      'Replaces the sections that a definition has, all of them or none. References of the other sections to items that no longer exist are removed. With `base`, only what the definition changes in that version is changed.',
    args: { ...importArgs(t.arg), ...planArg(t.arg) },
    call: (target, request, { definitions }, schema) =>
      definitions.import(...target, request, (value) => definitionIn(schema, value)),
  }),
);

const ImportDocumentPayload = builder
  .objectRef<Made<readonly Section[]>>('ImportAgentDocumentPayload')
  .implement({
    description: 'The result of importing a document.',
    fields: (t) => ({
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
      created: t.exposeBoolean('created', {
        description: 'Whether the import created the agent.',
      }),
      applied: t.field({
        type: [SectionType],
        description: 'The sections that the document has.',
        resolve: ({ item }) => item,
      }),
    }),
  });

builder.mutationField('importAgentDocument', (t) =>
  t.field({
    type: ImportDocumentPayload,
    ...mayInOrg('editor', 'agents:write'),
    fails: ['agent.not_found', 'version.mismatch', ...IMPORT_FAILS],
    description:
      'Creates or changes the agent that a document names: sets its name and description, and replaces the sections that the document has, all of them or none. With `base`, only what the document changes in that version is changed. With `base` or `expectedVersion`, the agent must exist.',
    args: {
      org: orgArg(t.arg),
      expectedVersion: expectedVersionArg(t.arg, 'agent'),
      ...importArgs(t.arg),
      ...planArg(t.arg),
    },
    resolve: (_, { org, expectedVersion, ...request }, { services, work }, { schema }) =>
      services.definitions.importDocument(work, org, expectedVersion, request, (value) =>
        documentIn(schema, value),
      ),
  }),
);
