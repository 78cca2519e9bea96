import {
  type AgentPersonality,
  importPersonality,
  type PersonalityDiff,
  personalityDiff,
  replacePersonality,
} from '../src/domain/personality.ts';
import { agentMutation } from './agent-mutations.ts';
import { inputArg } from './args.ts';
import { builder } from './builder.ts';
import { DerivedFromInput, DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { AgentRef } from './refs.ts';
import { TEXT } from './texts.ts';

const about = {
  description: 'A human-readable summary.',
  text: 'The prompt fragment for the model.',
  derivedFrom:
    'The catalog template that the personality was imported from. It stays when the text is edited.',
} as const satisfies Record<keyof AgentPersonality, string>;

export const Personality = builder.objectRef<AgentPersonality>('AgentPersonality').implement({
  description: 'The voice and tone of an agent.',
  fields: (t) => ({
    description: t.exposeString('description', { nullable: true, description: about.description }),
    text: t.exposeString('text', { description: about.text }),
    derivedFrom: t.expose('derivedFrom', {
      type: DerivedFromType,
      nullable: true,
      description: about.derivedFrom,
    }),
  }),
});

const Wording = builder
  .objectRef<NonNullable<PersonalityDiff['current']>>('PersonalityWording')
  .implement({
    description: 'The compared fields of a personality.',
    fields: (t) => ({
      description: t.exposeString('description', {
        nullable: true,
        description: about.description,
      }),
      text: t.exposeString('text', { description: about.text }),
    }),
  });

const Baseline = builder
  .objectRef<NonNullable<PersonalityDiff['baseline']>>('PersonalityBaseline')
  .implement({
    description: 'A personality template at the version that was imported.',
    fields: (t) => ({
      templateId: t.exposeID('templateId', { description: "The template's id." }),
      version: t.exposeString('version', { description: 'The imported version.' }),
      description: t.exposeString('description', {
        nullable: true,
        description: about.description,
      }),
      text: t.exposeString('text', { description: about.text }),
    }),
  });

const Divergence = builder
  .objectRef<NonNullable<PersonalityDiff['divergence']>>('PersonalityDivergence')
  .implement({
    description: 'The fields that differ from the baseline.',
    fields: (t) => ({
      description: t.exposeBoolean('description', {
        description: 'Whether `description` differs.',
      }),
      text: t.exposeBoolean('text', { description: 'Whether `text` differs.' }),
    }),
  });

const Diff = builder.objectRef<PersonalityDiff>('PersonalityDiff').implement({
  description: 'The differences between a personality and the template that it was imported from.',
  fields: (t) => ({
    current: t.expose('current', {
      type: Wording,
      nullable: true,
      description:
        'The current personality. Null if none is set; the other fields are then null too.',
    }),
    baseline: t.expose('baseline', {
      type: Baseline,
      nullable: true,
      description:
        'The template at the imported version, even if the catalog has a newer one. Null if the personality was not imported.',
    }),
    divergence: t.expose('divergence', {
      type: Divergence,
      nullable: true,
      description: 'Whether each field differs. Without a baseline, every field does.',
    }),
  }),
});

builder.objectFields(AgentRef, (t) => ({
  personality: t.expose('personality', {
    type: Personality,
    nullable: true,
    description: "The agent's voice and tone.",
  }),
  personalityDiff: t.field({
    type: Diff,
    description:
      "The differences between the agent's personality and the template that it was imported from.",
    reads: ['personality'],
    resolve: ({ personality }, _, { services }) =>
      personalityDiff(
        personality,
        services.catalog.personalityTemplates.pinned(personality?.derivedFrom),
      ),
  }),
}));

export const PersonalityInput = builder.inputType('PersonalityInput', {
  description: 'A whole personality.',
  fields: (t) => ({
    description: t.field({ ...TEXT.description, description: about.description }),
    text: t.field({ ...TEXT.prompt, required: true, description: about.text }),
    derivedFrom: t.field({
      type: DerivedFromInput,
      description: 'Accepted only with the current value. Only an import changes it.',
    }),
  }),
});

builder.mutationFields((t) => ({
  replacePersonality: agentMutation(t, {
    scope: 'agents:write',
    description: "Replaces the agent's personality. Its provenance stays.",
    args: { input: inputArg(t.arg, PersonalityInput, 'The personality.') },
    change: (agent, { input }) => replacePersonality(agent, input),
  }),
  importPersonalityTemplate: agentMutation(t, {
    scope: 'templates:apply',
    fails: ['catalog.not_found'],
    description: "Imports a personality template as the agent's personality.",
    args: { input: inputArg(t.arg, ImportTemplateInput, 'The template.') },
    change: (agent, { input }, { personalityTemplates }) =>
      importPersonality(agent, personalityTemplates.require(input.templateId)),
  }),
}));
