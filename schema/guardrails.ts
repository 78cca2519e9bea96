import {
  type AgentGuardrails,
  importGuardrails,
  replaceGuardrails,
  updateGuardrails,
} from '../src/domain/guardrails.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { ImportTemplateInput } from './derived-from.ts';
import { AgentRef } from './refs.ts';
import { mayInOrg } from './rights.ts';

const about = {
  topicsToAvoid: 'What the agent does not talk about.',
  claimsNotToMake: 'What it never claims.',
  requiredDisclaimers: 'What it must say.',
  additionalRules: 'Hard rules that do not fit the lists, as free text.',
  derivedFromTemplates: 'The guardrail templates that were imported, each once, oldest first.',
} as const satisfies Record<keyof AgentGuardrails, string>;

type ListField = Exclude<keyof AgentGuardrails, 'additionalRules'>;

const Guardrails = builder.objectRef<AgentGuardrails>('AgentGuardrails').implement({
  description: 'What an agent must not do, and what it must.',
  fields: (t) => {
    const list = (field: ListField) =>
      t.field({
        type: ['String'],
        nullable: true,
        description: about[field],
        resolve: (guardrails) => guardrails[field],
      });
    return {
      topicsToAvoid: list('topicsToAvoid'),
      claimsNotToMake: list('claimsNotToMake'),
      requiredDisclaimers: list('requiredDisclaimers'),
      additionalRules: t.exposeString('additionalRules', {
        nullable: true,
        description: about.additionalRules,
      }),
      derivedFromTemplates: list('derivedFromTemplates'),
    };
  },
});

builder.objectField(AgentRef, 'guardrails', (t) =>
  t.field({
    type: Guardrails,
    reads: ['guardrails'],
    description: 'What it must not do, and what it must.',
    resolve: ({ guardrails }) => guardrails ?? {},
  }),
);

export const GuardrailsInput = builder.inputType('GuardrailsInput', {
  description: 'Guardrails as a whole: what is left out is cleared.',
  fields: (t) => ({
    topicsToAvoid: t.field({ type: ['NonBlank'], description: about.topicsToAvoid }),
    claimsNotToMake: t.field({ type: ['NonBlank'], description: about.claimsNotToMake }),
    requiredDisclaimers: t.field({ type: ['NonBlank'], description: about.requiredDisclaimers }),
    additionalRules: t.string({ description: about.additionalRules }),
    derivedFromTemplates: t.idList({
      description: 'May be sent back as it was read; imports alone change it.',
    }),
  }),
});

const GuardrailListPatch = builder.inputType('GuardrailListPatch', {
  description: 'A change of a list of guardrails: either `set`, or `remove` and then `add`.',
  bareList: 'set',
  fields: (t) => ({
    set: t.field({ type: ['NonBlank'], description: 'The list as a whole.' }),
    add: t.field({ type: ['NonBlank'], description: 'Appended, unless it is there already.' }),
    remove: t.field({ type: ['NonBlank'], description: 'Taken out where it is there.' }),
  }),
});

const UpdateGuardrailsInput = builder.inputType('UpdateGuardrailsInput', {
  description: 'The guardrails to change; `null` clears one.',
  fields: (t) => ({
    topicsToAvoid: t.field({ type: GuardrailListPatch, description: about.topicsToAvoid }),
    claimsNotToMake: t.field({ type: GuardrailListPatch, description: about.claimsNotToMake }),
    requiredDisclaimers: t.field({
      type: GuardrailListPatch,
      description: about.requiredDisclaimers,
    }),
    additionalRules: t.string({ description: about.additionalRules }),
  }),
});

builder.mutationFields((t) => ({
  replaceGuardrails: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: "Replaces an agent's guardrails; the record of imported templates stays.",
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: GuardrailsInput, required: true, description: 'The guardrails.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        replaceGuardrails(it, input),
      ),
  }),
  updateGuardrails: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: 'Changes the given guardrails: whole lists, or items of them.',
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: UpdateGuardrailsInput, required: true, description: 'The changes.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        updateGuardrails(it, input),
      ),
  }),
  importGuardrailTemplate: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'templates:apply'),
    description: "Merges a guardrail template into an agent's guardrails, nothing twice.",
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: ImportTemplateInput, required: true, description: 'The template.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        importGuardrails(it, services.catalog.guardrailTemplates.require(input.templateId)),
      ),
  }),
}));
