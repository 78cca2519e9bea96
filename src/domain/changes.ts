import type { Agent, AgentContent } from './agents.ts';
import type { PartSpec, SecretMarks } from './section-spec.ts';
import { SECTION_NAMES, SECTIONS, type Section } from './sections.ts';
import { type FieldChange, recordShape } from './shapes.ts';

/** The agent's own name and description: no section of a definition, but part of its history. */
export const AGENT: PartSpec<Pick<Agent, 'name' | 'description'>> = {
  shape: recordShape<Pick<Agent, 'name' | 'description'>>({ name: true, description: true }),
  secretMarks: null,
  read: (agent) => agent,
  apply: (agent, value) => {
    const { name: _, description: __, ...rest } = agent;
    return { ...rest, ...value };
  },
};

/** What a change can be in: a section, or `agent` for the agent's own fields. */
export type ChangedSection = Section | 'agent';

/**
 * The change of one leaf of an agent's content. A secret's change has neither `before`
 * nor `after`.
 */
export interface Change extends FieldChange {
  readonly section: ChangedSection;
}

/**
 * Every difference between two versions of an agent's content, section by section. The
 * items of a list are matched by id. Lists without ids are compared as a whole.
 */
export function diff(before: AgentContent, after: AgentContent): readonly Change[] {
  const sections: readonly ChangedSection[] = ['agent', ...SECTION_NAMES];
  return sections.flatMap((section) => sectionChanges(section, before, after));
}

/** Every difference of one section. */
export function sectionChanges(
  section: ChangedSection,
  before: AgentContent,
  after: AgentContent,
): readonly Change[] {
  if (section === 'agent') return partChanges(section, AGENT, before, after);
  return changesOf(section, before, after);
}

/**
 * The agent with changes applied, in the order of `diff`: its content after
 * `diff(a, b)` equals that of `b` if its content before equals that of `a`. Otherwise
 * see `Shape.patch`. The rules of the sections are not checked. Secrets are kept as they
 * are, and removed with their binding.
 */
export function applyChanges(agent: Agent, changes: readonly Change[]): Agent {
  const patched = withPart(AGENT, agent, ofSection('agent', changes));
  return SECTION_NAMES.reduce(
    (it, section) => withPatchedSection(section, it, ofSection(section, changes)),
    patched,
  );
}

function changesOf<S extends Section>(
  section: S,
  before: AgentContent,
  after: AgentContent,
): readonly Change[] {
  return partChanges(section, SECTIONS[section], before, after);
}

function withPatchedSection<S extends Section>(
  section: S,
  agent: Agent,
  changes: readonly Change[],
): Agent {
  return withPart(SECTIONS[section], agent, changes);
}

function partChanges<V>(
  section: ChangedSection,
  { shape, read, secretMarks }: PartSpec<V>,
  before: AgentContent,
  after: AgentContent,
): readonly Change[] {
  const changes = [
    ...shape.diff(read(before), read(after)),
    ...(secretMarks ? secretChanges(secretMarks(before), secretMarks(after)) : []),
  ];
  return changes.map((change) => ({ section, ...change }));
}

function withPart<V>(
  { shape, read, apply }: PartSpec<V>,
  agent: Agent,
  changes: readonly Change[],
): Agent {
  return changes.length === 0 ? agent : apply(agent, shape.patch(read(agent), changes));
}

function ofSection(section: ChangedSection, changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => change.section === section);
}

export function secretChanges(before: SecretMarks, after: SecretMarks): FieldChange[] {
  const itemIds = new Set([...after.keys(), ...before.keys()]);
  return [...itemIds].flatMap((itemId) => {
    const old = before.get(itemId) ?? NO_MARKS;
    const now = after.get(itemId) ?? NO_MARKS;
    const paths = new Set([...now.keys(), ...old.keys()]);
    return [...paths].flatMap((path): FieldChange[] => {
      if (!old.has(path)) return [{ itemId, path, kind: 'added' }];
      if (!now.has(path)) return [{ itemId, path, kind: 'removed' }];
      return old.get(path) === now.get(path) ? [] : [{ itemId, path, kind: 'changed' }];
    });
  });
}

const NO_MARKS: ReadonlyMap<string, string> = new Map();
