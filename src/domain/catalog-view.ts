import type {
  AgentTemplate,
  GuardrailTemplate,
  ObjectiveTemplate,
  PersonalityTemplate,
  PlaybookTemplate,
  SkillTemplate,
  SystemSkill,
} from './templates.ts';

/** One kind of the catalog, as the rules read it. */
export interface Shelf<T> {
  list(): readonly T[];
  /** The latest version. */
  get(id: string): T | undefined;
  /** The latest version. @throws DomainError `catalog.not_found` */
  require(id: string): T;
}

/** What the rules read of the catalog, which is handed to them like any other argument. */
export interface CatalogView {
  readonly agentTemplates: Shelf<AgentTemplate>;
  readonly personalityTemplates: Shelf<PersonalityTemplate>;
  readonly objectiveTemplates: Shelf<ObjectiveTemplate>;
  readonly guardrailTemplates: Shelf<GuardrailTemplate>;
  readonly skillTemplates: Shelf<SkillTemplate>;
  readonly playbookTemplates: Shelf<PlaybookTemplate>;
  readonly systemSkills: Shelf<SystemSkill>;
  readonly tools: Shelf<{ readonly id: string }>;
}
