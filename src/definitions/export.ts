import type { AgentContent } from '../domain/agents.ts';
import { exportedSection } from '../domain/definitions.ts';
import { SECTION_NAMES, type Section } from '../domain/sections.ts';
import { yamlText } from './yaml.ts';

export const EXPORT_FORMATS = ['yaml', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface Writer {
  readonly section: (name: Section, value: unknown) => string;
  /** The text of all sections, which `section` wrote. */
  readonly whole: (sections: readonly string[]) => string;
}

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  yaml: {
    section: (name, value) => yamlText({ [name]: value }),
    whole: (sections) => [...sections.slice(0, -1).map(withoutEnd), ...sections.slice(-1)].join(''),
  },
  json: {
    section: (name, value) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
    whole: (sections) => `{${sections.join(',')}}`,
  },
};

/** Ends a document whose last value ends with empty lines. */
const DOCUMENT_END = '\n...\n';

function withoutEnd(text: string): string {
  return text.endsWith(DOCUMENT_END) ? text.slice(0, 1 - DOCUMENT_END.length) : text;
}

/** The text of a section, by what it is read from. */
type Texts = Readonly<Record<Section, WeakMap<object, string>>>;

/**
 * The versions of an agent in this process share what did not change between them. So a section is
 * written as text once, and not once for each version.
 */
const TEXTS: Readonly<Record<ExportFormat, Texts>> = { yaml: noTexts(), json: noTexts() };

function noTexts(): Texts {
  return Object.fromEntries(SECTION_NAMES.map((section) => [section, new WeakMap()])) as Texts;
}

/** The definition of an agent (`exportDefinition`) as text. */
export function exportText(agent: AgentContent, format: ExportFormat): string {
  return WRITERS[format].whole(SECTION_NAMES.map((section) => sectionText(agent, section, format)));
}

function sectionText(agent: AgentContent, section: Section, format: ExportFormat): string {
  const texts = TEXTS[format][section];
  // An export reads a section from the part of the agent that has its name, and from no other.
  const part: unknown = agent[section];
  const isKept = typeof part === 'object' && part !== null && Object.isFrozen(part);
  const known = isKept ? texts.get(part) : undefined;
  if (known !== undefined) return known;
  const text = WRITERS[format].section(section, exportedSection(section, agent));
  if (isKept) texts.set(part, text);
  return text;
}
