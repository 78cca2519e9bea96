import type { AgentKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { Agent, AgentContent } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { exportDefinition, importDefinition } from '../domain/definitions.ts';
import { DomainError, invalid, type Problem } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import { boundedConflicts, MergeConflict, mergeDefinition } from '../domain/merge-import.ts';
import type { Side } from '../domain/merge-values.ts';
import { accepted, type Outcome } from '../domain/outcome.ts';
import type { DefinitionInput, Section } from '../domain/sections.ts';
import { type HistoryService, versionNotFound } from '../history/service.ts';
import type { ToolBindingService } from '../tool-bindings/service.ts';
import type { Work } from '../work.ts';
import type { YamlThread } from '../yaml/thread.ts';
import { readDefinitionText } from './text.ts';
import { yamlText } from './yaml.ts';

export const EXPORT_FORMATS = ['yaml', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Checks the shape of a value. @throws DomainError `request.invalid` with every problem */
type Shaped = (value: unknown) => DefinitionInput;

export interface ImportRequest {
  /** The text of a definition. */
  readonly document: string;
  /** The version that the definition was made from. If it is given, the import is a merge. */
  readonly base?: number | null | undefined;
  /** The side that wins all conflicts of the merge. */
  readonly onConflict?: Side | null | undefined;
}

interface Parts {
  readonly agents: Pick<AgentService, 'get'>;
  readonly history: Pick<HistoryService, 'content' | 'attributed'>;
  readonly toolBindings: Pick<ToolBindingService, 'changeAll'>;
  readonly catalog: CatalogView;
  readonly yaml: YamlThread;
}

/** Exports agents as text, and imports definitions into them. */
export class DefinitionService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async export(work: Work, agent: AgentContent, format: ExportFormat): Promise<string> {
    return work.inTurn(() => {
      const definition = exportDefinition(agent);
      return format === 'json' ? JSON.stringify(definition) : yamlText(definition);
    });
  }

  /**
   * Imports the text of a definition, JSON or YAML. Problems of YAML have their line and column.
   *
   * @param shaped checks the shape of a value; throws `request.invalid` with every problem
   * @throws DomainError `agent.not_found`, `version.mismatch`, `request.invalid`,
   *   `agent.too_large`, and as `readDefinitionText`; with a base `version.not_found`,
   *   `merge.conflict`, `merge.invalid`
   */
  async import(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    request: ImportRequest,
    shaped: Shaped,
  ): Promise<ItemChange<readonly Section[]>> {
    const prepared = await this.#prepared(work, ref, request, shaped);
    let seen: Agent | undefined;
    try {
      return await this.#parts.toolBindings.changeAll(work, ref, expectedVersion, (agent) => {
        seen = agent;
        return accepted(prepared.outcomeOf(agent));
      });
    } catch (error) {
      throw await prepared.explained(error, seen);
    }
  }

  async #prepared(
    work: Work,
    ref: AgentKey,
    { document, base, onConflict }: ImportRequest,
    shaped: Shaped,
  ): Promise<PreparedImport> {
    const { catalog, history, yaml } = this.#parts;
    if (onConflict && base == null) {
      throw invalid([{ path: 'onConflict', message: 'requires base' }]);
    }
    const { value, withPlaces } = await readDefinitionText(document, yaml, work.origin.actor.id);
    const placed = async (error: unknown) =>
      error instanceof DomainError && error.code !== 'merge.invalid' ? withPlaces(error) : error;
    let definition: DefinitionInput;
    try {
      definition = shaped(value);
    } catch (error) {
      throw await placed(error);
    }
    if (base == null) {
      return {
        outcomeOf: (agent) => importDefinition(agent, definition, catalog),
        explained: placed,
      };
    }
    const before = await this.#baseOf(work, ref, base);
    const merging = {
      base: before.content,
      onConflict: onConflict ?? undefined,
      shapeProblems: (merged: object) => problemsOf(() => shaped(merged)),
    };
    return {
      outcomeOf: (agent) => {
        // The version belongs to this agent, and not to a later one of the same id.
        if (agent.historyId !== before.historyId) throw versionNotFound(agent, base);
        return mergeDefinition(agent, definition, merging, catalog);
      },
      explained: async (error, agent) => {
        if (!(error instanceof MergeConflict) || !agent) return placed(error);
        const attributed = await history.attributed(work, agent, base, error.conflicts);
        return new MergeConflict(error.message, boundedConflicts(attributed));
      },
    };
  }

  /** @throws DomainError `agent.not_found`, `version.not_found` */
  async #baseOf(work: Work, ref: AgentKey, base: number) {
    const { agents, history } = this.#parts;
    const agent = await agents.get(work, ref);
    return { historyId: agent.historyId, content: await history.content(work, agent, base) };
  }
}

/** A definition that has been read, for an agent that may change before it is imported. */
interface PreparedImport {
  outcomeOf(agent: Agent): Outcome<readonly Section[]>;
  /** The error for the caller: with lines and columns, or with the authors of conflicts. */
  explained(error: unknown, agent: Agent | undefined): Promise<unknown>;
}

/** @returns the problems that the call throws */
function problemsOf(call: () => unknown): readonly Problem[] {
  try {
    call();
    return [];
  } catch (error) {
    if (error instanceof DomainError && error.code === 'request.invalid') return error.problems;
    throw error;
  }
}
