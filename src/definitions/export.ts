import type { AgentContent } from '../domain/agents.ts';
import { exportedSection } from '../domain/definitions.ts';
import { SECTION_NAMES, type Section } from '../domain/sections.ts';
import type { Work } from '../work.ts';
import { joinedYaml, yamlText } from './yaml.ts';

export const EXPORT_FORMATS = ['yaml', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface Writer {
  /** Jobs that write the parts of a section, each in a few milliseconds. */
  readonly parts: (name: Section, value: unknown) => readonly (() => string)[];
  /** The text of a section, of its parts. */
  readonly section: (parts: readonly string[]) => string;
  readonly whole: (sections: readonly string[]) => string;
}

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  yaml: { parts: yamlParts, section: joinedYaml, whole: joinedYaml },
  json: {
    parts: (name, value) => [() => `${JSON.stringify(name)}:${JSON.stringify(value)}`],
    section: (parts) => parts.join(''),
    whole: (sections) => `{${sections.join(',')}}`,
  },
};

/** YAML is slow to write: of a list, each item is a part. */
function yamlParts(name: Section, value: unknown): readonly (() => string)[] {
  if (!Array.isArray(value) || value.length === 0) return [() => yamlText({ [name]: value })];
  const header = `${name}:\n`;
  return value.map((item, i) => () => {
    const text = yamlText({ [name]: [item] });
    return i === 0 ? text : text.slice(header.length);
  });
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

/** The definition of an agent (`exportDefinition`) as text. Other work runs in between. */
export async function exportText(
  work: Pick<Work, 'inTurn'>,
  agent: AgentContent,
  format: ExportFormat,
): Promise<string> {
  const sections: string[] = [];
  for (const section of SECTION_NAMES) {
    sections.push(await sectionText(work, agent, section, format));
  }
  return WRITERS[format].whole(sections);
}

async function sectionText(
  work: Pick<Work, 'inTurn'>,
  agent: AgentContent,
  section: Section,
  format: ExportFormat,
): Promise<string> {
  const texts = TEXTS[format][section];
  // An export reads a section from the part of the agent that has its name, and from no other.
  const read: unknown = agent[section];
  const isKept = typeof read === 'object' && read !== null && Object.isFrozen(read);
  const known = isKept ? texts.get(read) : undefined;
  if (known !== undefined) return known;
  const writer = WRITERS[format];
  const parts: string[] = [];
  for (const job of writer.parts(section, exportedSection(section, agent))) {
    parts.push(await work.inTurn(job));
  }
  const text = writer.section(parts);
  if (isKept) texts.set(read, text);
  return text;
}
