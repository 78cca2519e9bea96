import { DEFINITION_SECTIONS } from '../src/domain/definition.ts';
import { enumOf } from './enums.ts';

export const SectionType = enumOf(
  'AgentSection',
  'A part of an agent that a definition can carry.',
  DEFINITION_SECTIONS,
);
