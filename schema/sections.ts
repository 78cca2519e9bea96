import { SECTION_NAMES, SECTIONS, type Section } from '../src/domain/sections.ts';
import { enumOf } from './enums.ts';

const descriptions = SECTION_NAMES.map((name) => [name, SECTIONS[name].description]);

export const SectionType = enumOf(
  'AgentSection',
  'A part of an agent that a definition can contain.',
  SECTION_NAMES,
  Object.fromEntries(descriptions) as Record<Section, string>,
);
