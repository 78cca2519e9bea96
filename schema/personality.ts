import {
  type AgentPersonality,
  importPersonality,
  type PersonalityDiff,
  personalityDiff,
  replacePersonality,
} from '../src/domain/personality.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { DerivedFromInput, DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { AgentRef } from './refs.ts';
import { mayInOrg } from './rights.ts';

const about = {
  description: 'A summary in words for people.',
  text: 'The prompt fragment that the agent uses.',
  derivedFrom: 'The template that it was imported from; it stays when the text is edited.',
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
    description: 'What of a personality is compared.',
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
    description: 'A personality template as it was when it was imported.',
    fields: (t) => ({
      templateId: t.exposeID('templateId', { description: 'The template.' }),
      version: t.exposeString('version', { description: 'The version that was imported.' }),
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
    description: 'Which fields differ from the baseline.',
    fields: (t) => ({
      description: t.exposeBoolean('description', { description: 'Whether the summary differs.' }),
      text: t.exposeBoolean('text', { description: 'Whether the prompt fragment differs.' }),
    }),
  });

const Diff = builder.objectRef<PersonalityDiff>('PersonalityDiff').implement({
  description: 'How a personality differs from the template that it was imported from.',
  fields: (t) => ({
    current: t.expose('current', {
      type: Wording,
      nullable: true,
      description: 'As it is; null, as the others, where no personality is set.',
    }),
    baseline: t.expose('baseline', {
      type: Baseline,
      nullable: true,
      description: 'The template, also when the catalog has moved on; null where there was none.',
    }),
    divergence: t.expose('divergence', {
      type: Divergence,
      nullable: true,
      description: 'By field; without a baseline every field has diverged.',
    }),
  }),
});

builder.objectFields(AgentRef, (t) => ({
  personality: t.expose('personality', {
    type: Personality,
    nullable: true,
    description: 'Its voice and tone.',
  }),
  personalityDiff: t.field({
    type: Diff,
    description: 'Whether its personality has diverged from the template it was imported from.',
    reads: ['personality'],
    resolve: ({ personality }, _, { services }) =>
      personalityDiff(
        personality,
        services.catalog.personalityTemplates.pinned(personality?.derivedFrom),
      ),
  }),
}));

export const PersonalityInput = builder.inputType('PersonalityInput', {
  description: 'A personality as a whole.',
  fields: (t) => ({
    description: t.string({ description: about.description }),
    text: t.field({ type: 'NonBlank', required: true, description: about.text }),
    derivedFrom: t.field({
      type: DerivedFromInput,
      description: 'May be sent back as it was read; imports alone change it.',
    }),
  }),
});

builder.mutationFields((t) => ({
  replacePersonality: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'agents:write'),
    description: "Replaces an agent's personality; where it was derived from stays.",
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: PersonalityInput, required: true, description: 'The personality.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        replacePersonality(it, input),
      ),
  }),
  importPersonalityTemplate: t.field({
    type: AgentRef,
    ...mayInOrg('editor', 'templates:apply'),
    description: 'Copies a personality template onto an agent.',
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: ImportTemplateInput, required: true, description: 'The template.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.change(work, { org, id: agent }, expectedVersion, (it) =>
        importPersonality(it, services.catalog.personalityTemplates.require(input.templateId)),
      ),
  }),
}));
