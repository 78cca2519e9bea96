import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import type { Problem } from './errors.ts';
import { SECTION_NAMES, SECTIONS, type Section } from './sections.ts';

/** Every problem of an agent's own section. */
export function problemsOf<S extends Section>(
  agent: Agent,
  section: S,
  catalog: CatalogView,
): readonly Problem[] {
  const { read, validate } = SECTIONS[section];
  const value = read(agent);
  return value === null ? [] : validate(value as NonNullable<typeof value>, agent, catalog);
}

/**
 * The problems that a change of some sections brings: all of those sections, and of the others
 * those that they did not have before.
 */
export function broughtProblems(
  before: Agent,
  after: Agent,
  changed: readonly string[],
  catalog: CatalogView,
): readonly Problem[] {
  const had = new Set(SECTION_NAMES.flatMap((it) => problemsOf(before, it, catalog)).map(textOf));
  return SECTION_NAMES.flatMap((section) => {
    const found = problemsOf(after, section, catalog);
    return changed.includes(section) ? found : found.filter((it) => !had.has(textOf(it)));
  });
}

/** The problems that both lists have. */
export function sharedProblems(
  problems: readonly Problem[],
  others: readonly Problem[],
): readonly Problem[] {
  const texts = new Set(others.map(textOf));
  return problems.filter((problem) => texts.has(textOf(problem)));
}

function textOf({ path, message }: Problem): string {
  return `${path}\n${message}`;
}
