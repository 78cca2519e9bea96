import type { CatalogKind } from './catalog-view.ts';
import type { AgentMessageTemplate } from './message-templates.ts';
import type { OutreachConfig } from './outreach.ts';

/** Catalog content to copy into an agent, at one version (reference, "Catalogs"). */
export interface Template {
  /** Qualified, e.g. `@anychat/skill-template.call-booking`. */
  readonly id: string;
  readonly version: string;
  readonly name: string;
  /** For people; never part of a prompt. */
  readonly description: string;
}

export interface PersonalityTemplate extends Template {
  readonly promptFragment: string;
}

export interface ObjectiveTemplate extends Template {
  readonly body: string;
}

export interface GuardrailTemplate extends Template {
  readonly topicsToAvoid?: readonly string[];
  readonly claimsNotToMake?: readonly string[];
  readonly requiredDisclaimers?: readonly string[];
}

export interface SkillTemplate extends Template {
  readonly body: string;
  /** Ids of the catalog tools that it needs. */
  readonly requiredTools?: readonly string[];
  /** Settings of the runtime for the skill. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A message of an example conversation. */
export interface ExampleTurn {
  readonly role: 'user' | 'agent';
  readonly content: string;
}

export interface PlaybookTemplate extends Template {
  readonly whenToUse?: string;
  readonly body: string;
  readonly examples?: readonly (readonly ExampleTurn[])[];
  /** Ids of the skill templates whose skills it uses. */
  readonly derivedSkillTemplateIds?: readonly string[];
  /** Ids of the catalog tools that it may use. */
  readonly toolRefs?: readonly string[];
  readonly isDefault?: boolean;
  readonly isOutbound?: boolean;
}

/** An agent's whole configuration, composed of other templates. */
export interface AgentTemplate extends Template {
  readonly category?: string;
  readonly identityPreamble?: string;
  readonly personalityTemplateId?: string;
  readonly objectiveTemplateIds?: readonly string[];
  readonly guardrailTemplateIds?: readonly string[];
  readonly skillTemplateIds?: readonly string[];
  readonly playbookTemplateIds?: readonly string[];
  readonly recommendedToolIds?: readonly string[];
  readonly messageTemplates?: readonly AgentMessageTemplate[];
  readonly outreach?: OutreachConfig;
}

/** A skill that every agent has and that cannot be changed. */
export interface SystemSkill {
  /** A slug. No skill of an agent can have the same id. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly body: string;
}

/** The id of an item that is copied from a template: the last part of the template's id. */
export function localIdOf(templateId: string): string {
  return templateId.slice(templateId.lastIndexOf('.') + 1);
}

/** The content of the named templates, each under the id of its copy; undefined if none are named. */
export function copiesOf<T, C extends object>(
  ids: readonly string[] | undefined,
  kind: CatalogKind<T>,
  contentOf: (template: T) => C,
): (C & { readonly id: string })[] | undefined {
  return ids?.map((id) => ({ ...contentOf(kind.require(id)), id: localIdOf(id) }));
}
