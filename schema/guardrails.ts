import {
  type AgentGuardrails,
  importGuardrails,
  replaceGuardrails,
  updateGuardrails,
} from '../src/domain/guardrails.ts';
import { agentMutation } from './agent-mutations.ts';
import { inputArg } from './args.ts';
import { builder } from './builder.ts';
import { ImportTemplateInput } from './derived-from.ts';
import { AgentRef } from './refs.ts';
import { LINES, LIST, TEXT } from './texts.ts';

const about = {
  topicsToAvoid: 'Topics that the agent does not talk about.',
  claimsNotToMake: 'Claims that the agent never makes.',
  requiredDisclaimers: 'Disclaimers that the agent must give.',
  additionalRules: 'Hard rules that fit none of the lists, as free text.',
  derivedFromTemplates: 'The ids of the imported guardrail templates, each once, oldest first.',
} as const satisfies Record<keyof AgentGuardrails, string>;

type ListField = Exclude<keyof AgentGuardrails, 'additionalRules'>;

const Guardrails = builder.objectRef<AgentGuardrails>('AgentGuardrails').implement({
  description: 'Constraints on what an agent says and does.',
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
    description: "The agent's guardrails.",
    resolve: ({ guardrails }) => guardrails ?? {},
  }),
);

export const GuardrailsInput = builder.inputType('GuardrailsInput', {
  description: 'All guardrails. Omitted fields are cleared.',
  fields: (t) => ({
    topicsToAvoid: t.field({ ...LINES, description: about.topicsToAvoid }),
    claimsNotToMake: t.field({ ...LINES, description: about.claimsNotToMake }),
    requiredDisclaimers: t.field({ ...LINES, description: about.requiredDisclaimers }),
    additionalRules: t.field({ ...TEXT.rules, description: about.additionalRules }),
    derivedFromTemplates: t.idList({
      ...LIST,
      description: 'Accepted only with the current value. Only an import changes it.',
    }),
  }),
});

const GuardrailListPatch = builder.inputType('GuardrailListPatch', {
  description: 'A change of a list: either `set`, or `remove` followed by `add`.',
  bareList: 'set',
  fields: (t) => ({
    set: t.field({ ...LINES, description: 'The whole list.' }),
    add: t.field({
      ...LINES,
      description: 'Appends the items that the list does not contain yet.',
    }),
    remove: t.field({
      ...LINES,
      description: 'Removes the items that the list contains.',
    }),
  }),
});

const UpdateGuardrailsInput = builder.inputType('UpdateGuardrailsInput', {
  description: 'The guardrails to change. `null` clears a field.',
  fields: (t) => ({
    topicsToAvoid: t.field({ type: GuardrailListPatch, description: about.topicsToAvoid }),
    claimsNotToMake: t.field({ type: GuardrailListPatch, description: about.claimsNotToMake }),
    requiredDisclaimers: t.field({
      type: GuardrailListPatch,
      description: about.requiredDisclaimers,
    }),
    additionalRules: t.field({ ...TEXT.rules, description: about.additionalRules }),
  }),
});

builder.mutationFields((t) => ({
  replaceGuardrails: agentMutation(t, {
    scope: 'agents:write',
    description: "Replaces the agent's guardrails. The record of imported templates stays.",
    args: { input: inputArg(t.arg, GuardrailsInput, 'The guardrails.') },
    change: (agent, { input }) => replaceGuardrails(agent, input),
  }),
  updateGuardrails: agentMutation(t, {
    scope: 'agents:write',
    description:
      'Changes the given guardrails: whole lists, or single items of them. `null` clears a field.',
    args: { input: inputArg(t.arg, UpdateGuardrailsInput, 'The guardrails to change.') },
    change: (agent, { input }) => updateGuardrails(agent, input),
  }),
  importGuardrailTemplate: agentMutation(t, {
    scope: 'templates:apply',
    fails: ['catalog.not_found'],
    description:
      "Merges a guardrail template into the agent's guardrails. Items that exist already are not added again.",
    args: { input: inputArg(t.arg, ImportTemplateInput, 'The template.') },
    change: (agent, { input }, { guardrailTemplates }) =>
      importGuardrails(agent, guardrailTemplates.require(input.templateId)),
  }),
}));
