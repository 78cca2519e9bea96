import { DEFINITION_SECTIONS } from '../src/domain/definitions.ts';
import { enumOf } from './enums.ts';

export const SectionType = enumOf(
  'AgentSection',
  'A part of an agent that a definition can carry.',
  DEFINITION_SECTIONS,
  {
    identity: 'Branding and contact details.',
    personality: 'Voice and tone.',
    playbooks: 'The playbooks.',
    objectives: 'The goals.',
    skills: "The agent's own skills.",
    guardrails: 'The guardrails.',
    messageTemplates: 'The canned messages.',
    outreach: 'How it opens a conversation.',
    toolBindings: 'The bound tools, without secrets.',
    products: 'The products that it is for.',
  },
);
