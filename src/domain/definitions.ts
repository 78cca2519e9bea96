import type { Agent, AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { invalid, type Problem } from './errors.ts';
import type { ItemChange } from './items.ts';
import { firstExcess } from './json-bounds.ts';
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

/**
 * An agent as a definition: every section, in order, as an import accepts it, without
 * secrets, times and other state of the system. It depends on the agent's content alone:
 * importing it into any agent and exporting that one gives the same definition.
 */
export function exportDefinition(agent: AgentContent): Definition {
  const sections = SECTION_NAMES.map((section) => [section, exported(section, agent)]);
  return Object.fromEntries(sections) as Definition;
}

function exported<S extends Section>(section: S, agent: AgentContent): Definition[S] {
  const { shape, read } = SECTIONS[section];
  return shape.ordered(read(agent));
}

/**
 * Replaces the sections that a definition has, all of them or none. Everything else is
 * kept: secrets and grants of tools that remain bound, the name, the channels. Other
 * sections lose their references to items that the import removes.
 *
 * @returns the agent, and the sections that the definition has, in the order of an export
 * @throws DomainError `request.invalid` with every problem, paths within the definition
 */
export function importDefinition(
  agent: Agent,
  input: DefinitionInput,
  catalog: CatalogView,
): ItemChange<readonly Section[]> {
  assertBounded(input);
  const given = SECTION_NAMES.filter((section) => input[section] !== undefined);
  if (given.length === 0) return { agent, item: given };
  const replaced = given.reduce(
    (it, section) => withSection(it, section, input[section] ?? null, catalog),
    agent,
  );
  const imported = withoutDangling(replaced, given, catalog);
  const problems = given.flatMap((section) => sectionProblems(section, input, imported, catalog));
  if (problems.length > 0) throw invalid(problems);
  return { agent: imported, item: given };
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
