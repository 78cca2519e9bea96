import type { Agent, AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { AGENT } from './changes.ts';
import { invalid, type Problem } from './errors.ts';
import { isSameJson } from './json.ts';
import { firstExcess } from './json-bounds.ts';
import type { Outcome } from './outcome.ts';
import { setFields } from './patch.ts';
import {
  type Definition,
  type DefinitionInput,
  SECTION_NAMES,
  SECTIONS,
  type Section,
  withoutDangling,
  withSection,
} from './sections.ts';

/** Items of all lists of a definition together. */
const MAX_ITEMS = 10_000;
/** Levels of a definition, itself not counted. An agent has about ten. */
const MAX_DEPTH = 64;

/** The name and the description of the agent that a document names. */
export interface AgentHead {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** What is imported: the sections of a definition and, of a document, who the agent is. */
export type ImportedInput = DefinitionInput & { readonly agent?: AgentHead };

/** A definition that names its agent. */
export type DocumentInput = DefinitionInput & {
  readonly agent: AgentHead & { readonly id: string };
};

/**
 * An agent as a definition: every section, in order, as an import accepts it, without
 * secrets, times and other state of the system. It depends on the agent's content alone:
 * importing it into any agent and exporting that one gives the same definition.
 */
export function exportDefinition(agent: AgentContent): Definition {
  const sections = SECTION_NAMES.map((section) => [section, exportedSection(section, agent)]);
  return Object.fromEntries(sections) as Definition;
}

/** A section as an export contains it. */
export function exportedSection<S extends Section>(section: S, agent: AgentContent): Definition[S] {
  const { shape, read } = SECTIONS[section];
  return shape.ordered(read(agent));
}

/**
 * Replaces the sections that a definition has, all of them or none. Everything else is
 * kept: secrets and grants of tools that remain bound, the name, the channels. Other
 * sections lose their references to items that the import removes.
 *
 * @returns the agent, and the sections that the definition has, in the order of an export. Refused
 *   as `request.invalid` with every problem, paths within the definition
 * @throws DomainError `request.invalid` for a definition that is too large to be read
 */
export function importDefinition(
  agent: Agent,
  input: ImportedInput,
  catalog: CatalogView,
): Outcome<readonly Section[]> {
  const after = withDefinition(agent, input, catalog);
  const problems = definitionProblems(input, after, catalog);
  const item = givenSections(input);
  return { after, item, refusal: problems.length > 0 ? invalid(problems) : undefined };
}

/** The sections that a definition has, in the order of an export. */
export function givenSections(input: DefinitionInput): readonly Section[] {
  return SECTION_NAMES.filter((section) => input[section] !== undefined);
}

/**
 * The agent with a definition, which is not validated.
 *
 * @throws DomainError `request.invalid` for a definition that is too large to be read
 */
export function withDefinition(agent: Agent, input: ImportedInput, catalog: CatalogView): Agent {
  assertBounded(input);
  const given = givenSections(input);
  const named = input.agent ? withHead(agent, input.agent) : agent;
  if (given.length === 0) return named;
  const replaced = given.reduce(
    (it, section) => withSection(it, section, input[section] ?? null, catalog),
    named,
  );
  return withoutDangling(replaced, given, catalog);
}

/** The agent with a name and a description; without the description if none is given. */
function withHead(agent: Agent, { name, description }: AgentHead): Agent {
  const value = setFields<AgentHead & { description?: string }>({ name, description });
  return isSameJson(AGENT.shape.ordered(AGENT.read(agent)), value)
    ? agent
    : AGENT.apply(agent, value);
}

/** Every problem of a definition in an agent that it has been applied to. */
export function definitionProblems(
  input: DefinitionInput,
  agent: Agent,
  catalog: CatalogView,
): readonly Problem[] {
  return givenSections(input).flatMap((it) => sectionProblems(it, input, agent, catalog));
}

function sectionProblems<S extends Section>(
  section: S,
  input: DefinitionInput,
  agent: Agent,
  catalog: CatalogView,
): readonly Problem[] {
  const given = input[section];
  return given == null ? [] : SECTIONS[section].validate(given, agent, catalog);
}

/** @throws DomainError `request.invalid` */
function assertBounded(input: DefinitionInput): void {
  const excess = firstExcess(input, { maxLevels: MAX_DEPTH + 1, maxItems: MAX_ITEMS });
  if (!excess) return;
  const problem =
    excess.bound === 'maxLevels'
      ? `is more than ${MAX_DEPTH} levels deep`
      : `has more than ${MAX_ITEMS} items`;
  throw invalid([{ path: '', message: `the definition ${problem}` }]);
}
