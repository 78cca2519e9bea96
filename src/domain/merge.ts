import type { Agent, AgentContent } from './agents.ts';
import { AGENT, type ChangedSection, secretChanges } from './changes.ts';
import { isSameJson } from './json.ts';
import type { FieldConflict, MergeOptions, Side, Versions } from './merge-values.ts';
import type { PartSpec } from './section-spec.ts';
import { SECTION_NAMES, SECTIONS, type Section } from './sections.ts';

/** A field that both sides changed, each in its own way. */
export interface Conflict extends FieldConflict {
  readonly section: ChangedSection;
}

/** Of all texts of an agent together (line-diff.ts): some 25 ms. */
const MAX_LINE_EFFORT = 250_000;

/** An agent with the changes of both sides. */
export interface MergedAgent {
  /** The agent of their side, with the changes of yours that clash with none of theirs. */
  readonly agent: Agent;
  /** Every field that both sides changed, each in its own way. */
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges two versions of an agent that began as a third one, section by section: scalars as a
 * whole, texts of several lines by lines, lists by the ids of their items and by their order. What
 * only one side changed has that side's value. The rules of the sections are not checked.
 *
 * @param theirs the agent as it is. What no definition contains is kept
 * @param yours secrets and other state in it are not read
 * @param prefer the side that conflicts are resolved to
 */
export function merge(
  base: AgentContent,
  theirs: Agent,
  yours: AgentContent,
  prefer: Side = 'theirs',
): MergedAgent {
  const versions = { base, theirs, yours };
  const options = { prefer, effort: { left: MAX_LINE_EFFORT } };
  return SECTION_NAMES.reduce<MergedAgent>(
    (merged, section) => withSectionMerged(section, merged, versions, options),
    withPartMerged('agent', AGENT, { agent: theirs, conflicts: [] }, versions, options),
  );
}

function withSectionMerged<S extends Section>(
  section: S,
  merged: MergedAgent,
  versions: Versions<AgentContent>,
  options: MergeOptions,
): MergedAgent {
  return withPartMerged(section, SECTIONS[section], merged, versions, options);
}

function withPartMerged<V>(
  section: ChangedSection,
  { shape, read, apply, secretMarks }: PartSpec<V>,
  merged: MergedAgent,
  { base, theirs, yours }: Versions<AgentContent>,
  options: MergeOptions,
): MergedAgent {
  const versions = { base: read(base), theirs: read(theirs), yours: read(yours) };
  const secrets = secretMarks ? secretChanges(secretMarks(base), secretMarks(theirs)) : [];
  const touched = new Set(secrets.map(({ itemId = '' }) => itemId));
  const { value, conflicts } = shape.merge(versions, { ...options, touched });
  return {
    agent: isSameJson(value, shape.ordered(versions.theirs))
      ? merged.agent
      : apply(merged.agent, value),
    conflicts: [...merged.conflicts, ...conflicts.map((it) => ({ section, ...it }))],
  };
}
