import type { Agent, AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { AGENT } from './changes.ts';
import type { ShownConflict } from './conflicts.ts';
import {
  definitionProblems,
  exportedSection,
  givenSections,
  type ImportedInput,
  withDefinition,
} from './definitions.ts';
import { DomainError, invalid, type Problem } from './errors.ts';
import { isSameJson } from './json.ts';
import { type Conflict, merge } from './merge.ts';
import type { Side } from './merge-values.ts';
import { type Outcome, problemList } from './outcome.ts';
import { broughtProblems, sharedProblems } from './section-problems.ts';
import { SECTION_NAMES, type Section } from './sections.ts';

/** A conflict, and who made the change of their side. */
export type ReportedConflict = Conflict & ShownConflict;

/** Conflicts that an answer names. */
const MAX_CONFLICTS = 500;
/** Bytes of the values of all conflicts of an answer, as JSON. */
const MAX_VALUE_BYTES = 256 * 1024;

/** The conflicts for an answer: a bounded number, the values of which are bounded together. */
export function boundedConflicts(
  conflicts: readonly ReportedConflict[],
): readonly ReportedConflict[] {
  let left = MAX_VALUE_BYTES;
  return conflicts.slice(0, MAX_CONFLICTS).map((conflict) => {
    const { base, theirs, yours, ...named } = conflict;
    const bytes = Buffer.byteLength(JSON.stringify([base, theirs, yours]));
    if (bytes > left) return { ...named, valuesOmitted: true };
    left -= bytes;
    return conflict;
  });
}

/** An import that changes fields that others have changed since its base. */
export class MergeConflict extends DomainError {
  override readonly conflicts: readonly ShownConflict[];

  constructor(message: string, conflicts: readonly ShownConflict[]) {
    super('merge.conflict', message);
    this.conflicts = conflicts;
  }
}

/** An import that is merged. */
export interface MergedImport extends Outcome<readonly Section[]> {
  readonly conflicts: readonly Conflict[];
}

export interface MergeRequest {
  /** The version that the definition was made from. */
  readonly base: AgentContent;
  /** The side that wins all conflicts. If it is not given, a conflict refuses the import. */
  readonly onConflict: Side | undefined;
  /**
   * The problems of a document that is stored, by the rules of the API for what callers send.
   *
   * @param sections of a definition, as an export contains them
   * @param agent the name and the description
   */
  readonly shapeProblems: (sections: object, agent: object) => readonly Problem[];
}

/**
 * Merges a definition into an agent that others may have changed since: what the definition
 * changes in its base is changed in the agent.
 *
 * @returns the agent, and the sections that the definition has. Refused as `request.invalid` for
 *   problems of the definition, as `merge.conflict`, and as `merge.invalid` for problems of the
 *   merged agent alone
 * @throws DomainError `request.invalid` for a definition that is too large to be read
 */
export function mergeDefinition(
  agent: Agent,
  input: ImportedInput,
  { base, onConflict, shapeProblems }: MergeRequest,
  catalog: CatalogView,
): MergedImport {
  const before = atBase(agent, base);
  const yours = withDefinition(before, input, catalog);
  const { agent: merged, conflicts } = merge(before, agent, yours, onConflict);
  // A reference may be to an item that only one of the two agents has.
  const own = sharedProblems(
    definitionProblems(input, yours, catalog),
    definitionProblems(input, merged, catalog),
  );
  const outcome = { after: merged, item: givenSections(input), conflicts };
  if (own.length > 0) return { ...outcome, refusal: invalid(own) };
  if (conflicts.length > 0 && !onConflict) {
    return { ...outcome, refusal: new MergeConflict(conflictText(conflicts), conflicts) };
  }
  const changed = SECTION_NAMES.filter((it) => differs(agent, merged, it));
  const problems = [
    ...shapeProblems(
      Object.fromEntries(changed.map((it) => [it, exportedSection(it, merged)])),
      AGENT.shape.ordered(merged),
    ),
    ...broughtProblems(agent, merged, changed, catalog),
  ];
  if (problems.length === 0) return outcome;
  const refusal = new DomainError(
    'merge.invalid',
    `the merged agent would not be valid: ${problemList(problems)}`,
    problems,
  );
  return { ...outcome, refusal };
}

/** How many fields clash, in which sections. */
function conflictText(conflicts: readonly Conflict[]): string {
  const sections = [...new Set(conflicts.map(({ section }) => section))].join(', ');
  const fields = conflicts.length === 1 ? '1 field was' : `${conflicts.length} fields were`;
  return `${fields} changed both in the definition and in the agent since the base: in ${sections}`;
}

/** The agent with the content of an earlier version. */
function atBase(
  { org, id, uid, historyId, version, createdAt, updatedAt }: Agent,
  base: AgentContent,
): Agent {
  return { ...base, org, id, uid, historyId, version, createdAt, updatedAt };
}

function differs(one: Agent, other: Agent, section: Section): boolean {
  if (one[section] === other[section]) return false;
  return !isSameJson(exportedSection(section, one), exportedSection(section, other));
}
