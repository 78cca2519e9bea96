import type { CatalogKind } from './catalog-view.ts';
import type { AgentMessageTemplate } from './message-templates.ts';
import type { OutreachConfig } from './outreach.ts';

/**
 * What the catalog offers to copy onto an agent, each at one of its versions
 * (reference, "Catalogs").
 */
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
  readonly additionalRules?: string;
}

export interface SkillTemplate extends Template {
  readonly body: string;
  /** Catalog ids of the tools that it needs. */
  readonly requiredTools?: readonly string[];
}

/** A line of an example conversation. */
export interface ExampleTurn {
  readonly role: 'user' | 'agent';
  readonly content: string;
}

export interface PlaybookTemplate extends Template {
  readonly whenToUse?: string;
  readonly body: string;
  readonly examples?: readonly (readonly ExampleTurn[])[];
  /** The skill templates whose skills it draws on. */
  readonly derivedSkillTemplateIds?: readonly string[];
  /** Catalog ids of the tools that it may invoke. */
  readonly toolRefs?: readonly string[];
  readonly isDefault?: boolean;
  readonly isOutbound?: boolean;
}

/** An agent's whole behaviour, by the templates of its parts. */
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

/** A skill that every agent has and nobody can change. */
export interface SystemSkill {
  /** A slug, in one name space with the agent's own skills. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly body: string;
}

/** What an item that is copied from a template is called: the last part of the template's id. */
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
