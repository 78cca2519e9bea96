import type { Agent, AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import { AGENT, type ChangedSection } from './changes.ts';
import type { ChannelBinding } from './channels.ts';
import { DomainError } from './errors.ts';
import { isSameJson } from './json.ts';
import { type Outcome, problemList } from './outcome.ts';
import { broughtProblems } from './section-problems.ts';
import { SECTION_NAMES, SECTIONS, type Section } from './sections.ts';
import type { AgentToolBinding } from './tool-bindings.ts';

/** What a version of an agent can change: what a diff compares, or its channels. */
export type HistorySection = ChangedSection | 'channels';

export const CHANGED_SECTIONS: readonly ChangedSection[] = ['agent', ...SECTION_NAMES];
export const HISTORY_SECTIONS: readonly HistorySection[] = [...CHANGED_SECTIONS, 'channels'];

type Part = keyof AgentContent;

/** The parts of an agent that are no section of a definition. */
const OTHER_PARTS: Readonly<Record<Exclude<Part, Section>, HistorySection>> = {
  name: 'agent',
  description: 'agent',
  templateRef: 'agent',
  channels: 'channels',
  archivedRcs: 'channels',
};

/** The section that a change of a part of an agent is listed under. */
export function historySectionOf(part: Part): HistorySection {
  return part in OTHER_PARTS ? OTHER_PARTS[part as keyof typeof OTHER_PARTS] : (part as Section);
}

/** The sections that changes of these parts are listed under, in the order of `HISTORY_SECTIONS`. */
export function historySectionsOf(parts: readonly string[]): readonly HistorySection[] {
  const changed = new Set(parts.map((part) => historySectionOf(part as Part)));
  return HISTORY_SECTIONS.filter((section) => changed.has(section));
}

/**
 * A part of an agent as its history keeps it. Of a secret only the id and the time remain, which
 * show that it changed; of a grant and of a channel's credentials, nothing.
 */
export function keptPart(agent: AgentContent, part: Part): unknown {
  if (part === 'toolBindings') return agent.toolBindings?.map(withoutSecrets);
  if (part === 'channels') return agent.channels?.map(withoutCredentials);
  return agent[part];
}

function withoutSecrets({ oauth: _, secrets, ...binding }: AgentToolBinding): AgentToolBinding {
  if (!secrets) return binding;
  const marks = Object.entries(secrets).map(([field, { id, updatedAt }]) => {
    return [field, { id, hint: '', updatedAt }] as const;
  });
  return { ...binding, secrets: Object.fromEntries(marks) };
}

function withoutCredentials({ authId: _, ...binding }: ChannelBinding): ChannelBinding {
  return binding;
}

/**
 * The content of a version with the grants of now, which history does not keep: a tool that is
 * still bound has its present one.
 */
export function withPresentGrants(
  content: AgentContent,
  { toolBindings: present = [] }: Pick<Agent, 'toolBindings'>,
): AgentContent {
  const { toolBindings, ...rest } = content;
  if (!toolBindings) return content;
  const grants = new Map(present.map(({ toolId, oauth }) => [toolId, oauth]));
  return {
    ...rest,
    toolBindings: toolBindings.map((binding) => {
      const oauth = grants.get(binding.toolId);
      return oauth ? { ...binding, oauth } : binding;
    }),
  };
}

/**
 * The content of a removed agent that is brought back. Its secrets no longer exist: a tool's are
 * unset, and a channel that needs credentials has to be requested again.
 */
export function revivedContent(content: AgentContent): AgentContent {
  const { toolBindings, channels, ...rest } = content;
  return {
    ...rest,
    ...(toolBindings && { toolBindings: toolBindings.map(({ secrets: _, ...one }) => one) }),
    ...(channels && { channels: channels.filter(({ mode }) => mode === 'managed') }),
  };
}

/**
 * Gives sections of an agent the content that they had in another version of it. Secrets and
 * grants of tools that remain bound are kept.
 *
 * @param sections all if undefined
 * @returns the agent, and the sections that differed. Refused as `version.not_restorable` with
 *   every problem that the agent would have: in a restored section, or in another one that refers
 *   to it
 */
export function restoreSections(
  agent: Agent,
  earlier: AgentContent,
  sections: readonly ChangedSection[] | undefined,
  catalog: CatalogView,
): Outcome<readonly ChangedSection[]> {
  const wanted = CHANGED_SECTIONS.filter((it) => !sections || sections.includes(it));
  const restored = wanted.filter((it) => !isSameJson(contentOf(agent, it), contentOf(earlier, it)));
  if (restored.length === 0) return { after: agent, item: restored };
  const after = restored.reduce((it, section) => withEarlier(it, section, earlier), agent);
  const problems = broughtProblems(agent, after, restored, catalog);
  if (problems.length === 0) return { after, item: restored };
  const refusal = new DomainError(
    'version.not_restorable',
    `the agent would not be valid with what is restored: ${problemList(problems)}`,
    problems,
  );
  return { after, item: restored, refusal };
}

function contentOf(agent: AgentContent, section: ChangedSection): unknown {
  return section === 'agent' ? ownFields(agent) : SECTIONS[section].read(agent);
}

function withEarlier(agent: Agent, section: ChangedSection, earlier: AgentContent): Agent {
  return section === 'agent'
    ? AGENT.apply(agent, ownFields(earlier))
    : withEarlierSection(agent, section, earlier);
}

function ownFields(agent: AgentContent) {
  return AGENT.shape.ordered(AGENT.read(agent));
}

function withEarlierSection<S extends Section>(
  agent: Agent,
  section: S,
  earlier: AgentContent,
): Agent {
  const { apply, read } = SECTIONS[section];
  return apply(agent, read(earlier));
}
