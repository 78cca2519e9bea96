import type {
  AgentTemplate,
  GuardrailTemplate,
  ObjectiveTemplate,
  PersonalityTemplate,
  PlaybookTemplate,
  SkillTemplate,
  SystemSkill,
} from './templates.ts';
import type { BindableTool } from './tool-bindings.ts';

/** One kind of catalog item, as the domain reads it. */
export interface CatalogKind<T> {
  list(): readonly T[];
  /** The latest version. */
  get(id: string): T | undefined;
  /** The latest version. @throws DomainError `catalog.not_found` */
  require(id: string): T;
}

/** The parts of the catalog that the domain reads. Passed as an argument. */
export interface CatalogView {
  readonly agentTemplates: CatalogKind<AgentTemplate>;
  readonly personalityTemplates: CatalogKind<PersonalityTemplate>;
  readonly objectiveTemplates: CatalogKind<ObjectiveTemplate>;
  readonly guardrailTemplates: CatalogKind<GuardrailTemplate>;
  readonly skillTemplates: CatalogKind<SkillTemplate>;
  readonly playbookTemplates: CatalogKind<PlaybookTemplate>;
  readonly systemSkills: CatalogKind<SystemSkill>;
  readonly tools: CatalogKind<BindableTool>;
}
