import type { Agent } from './agents.ts';
import { DERIVED_FROM, type DerivedFrom } from './derived-from.ts';
import { invalid } from './errors.ts';
import { fixedProblems } from './items.ts';
import { type Patch, setFields } from './patch.ts';
import type { SectionSpec } from './section-spec.ts';
import { optionalShape } from './shapes.ts';
import type { PersonalityTemplate } from './templates.ts';

/** The voice and tone of an agent (reference, "Personality"). */
export interface AgentPersonality {
  /** For people. */
  readonly description?: string;
  /** The prompt fragment. */
  readonly text: string;
  readonly derivedFrom?: DerivedFrom;
}

export type PersonalityFields = Pick<AgentPersonality, 'text'> &
  Patch<Omit<AgentPersonality, 'text'>>;

/** The fields of a personality that are compared with its template. */
interface Wording {
  readonly description: string | null;
  readonly text: string;
}

/** How a personality differs from the template that it was imported from. */
export interface PersonalityDiff {
  /** `null` if no personality is set; the other two fields are then `null` too. */
  readonly current: Wording | null;
  /** The template at the version that was imported; `null` if none was. */
  readonly baseline: (Wording & DerivedFrom) | null;
  /** Whether each field differs from the baseline; true if there is none. */
  readonly divergence: { readonly [F in keyof Wording]: boolean } | null;
}

/**
 * Replaces the personality, except its `derivedFrom`.
 *
 * @throws DomainError `request.invalid` if `derivedFrom` is changed
 */
export function replacePersonality(agent: Agent, input: PersonalityFields): Agent {
  const problems = fixedProblems(agent.personality ?? {}, input, ['derivedFrom']);
  if (problems.length > 0) throw invalid(problems);
  const derivedFrom = agent.personality?.derivedFrom;
  return { ...agent, personality: setFields<AgentPersonality>({ ...input, derivedFrom }) };
}

/** Replaces the personality with a copy of a template. */
export function importPersonality(agent: Agent, template: PersonalityTemplate): Agent {
  return { ...agent, personality: personalityContent(template) };
}

/** A template as a personality. */
export function personalityContent({
  id,
  version,
  description,
  promptFragment,
}: PersonalityTemplate): AgentPersonality {
  return { description, text: promptFragment, derivedFrom: { templateId: id, version } };
}

/** @param template the one in the personality's `derivedFrom`, at that version */
export function personalityDiff(
  personality: AgentPersonality | undefined,
  template: PersonalityTemplate | undefined,
): PersonalityDiff {
  if (!personality) return { current: null, baseline: null, divergence: null };
  const current = { description: personality.description ?? null, text: personality.text };
  if (!template) {
    return { current, baseline: null, divergence: { description: true, text: true } };
  }
  const { id, version, description, promptFragment } = template;
  const divergence = {
    description: !sameText(current.description, description),
    text: !sameText(current.text, promptFragment),
  };
  const baseline = { templateId: id, version, description, text: promptFragment };
  return { current, baseline, divergence };
}

/** White space at the ends is ignored: editors add and remove the last line break. */
function sameText(one: string | null, other: string): boolean {
  return one?.trim() === other.trim();
}

export const PERSONALITY_SECTION = {
  description: 'Voice and tone.',
  isReadByReadiness: true,
  shape: optionalShape<AgentPersonality>({
    description: true,
    text: true,
    derivedFrom: DERIVED_FROM,
  }),
  secretMarks: null,
  read: ({ personality = null }) => personality,
  apply: (agent, value) => {
    const { personality: _, ...rest } = agent;
    return value === null ? rest : { ...rest, personality: value };
  },
  complete: (input) => input && setFields<AgentPersonality>(input),
  validate: () => [],
  fromTemplate: ({ personalityTemplateId: id }, _, { personalityTemplates }) =>
    id === undefined ? undefined : personalityContent(personalityTemplates.require(id)),
  dropDangling: null,
} as const satisfies SectionSpec<AgentPersonality | null, PersonalityFields>;
