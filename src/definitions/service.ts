import type { AgentKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import type { AgentContent } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { exportDefinition, importDefinition } from '../domain/definitions.ts';
import { DomainError, invalid, type Problem } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import { mergeDefinition } from '../domain/merge-import.ts';
import type { Side } from '../domain/merge-values.ts';
import type { DefinitionInput, Section } from '../domain/sections.ts';
import { type HistoryService, versionNotFound } from '../history/service.ts';
import type { Intention } from '../plans/intention.ts';
import type { PlanService } from '../plans/service.ts';
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
  readonly plans: Pick<PlanService, 'carryOut'>;
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
   * @throws DomainError `version.mismatch`, `agent.too_large`, with a base `merge.conflict` and
   *   `merge.invalid`, as `importing`, and with a plan `PLAN_REFUSALS`
   */
  async import(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    request: ImportRequest & { readonly plan?: string | null | undefined },
    shaped: Shaped,
  ): Promise<ItemChange<readonly Section[]>> {
    const intention = await this.importing(work, ref, request, shaped);
    return this.#parts.plans.carryOut(work, ref, expectedVersion, intention, request.plan);
  }

  /**
   * The import of a definition, to be planned or carried out.
   *
   * @param shaped checks the shape of a value; throws `request.invalid` with every problem
   * @throws DomainError `request.invalid`, as `readDefinitionText`, and with a base
   *   `agent.not_found` and `version.not_found`
   */
  async importing(
    work: Work,
    ref: AgentKey,
    { document, base, onConflict }: ImportRequest,
    shaped: Shaped,
  ): Promise<Intention<readonly Section[]>> {
    const { catalog, history, yaml } = this.#parts;
    if (onConflict && base == null) {
      throw invalid([{ path: 'onConflict', message: 'requires base' }]);
    }
    const { value, withPlaces } = await readDefinitionText(document, yaml, work.origin.actor.id);
    const definition = await shapedIn(value, shaped, withPlaces);
    const change = ['import', document, base ?? null, onConflict ?? null];
    if (base == null) {
      return {
        change,
        outcomeOf: (agent) => importDefinition(agent, definition, catalog),
        explained: withPlaces,
      };
    }
    const before = await this.#baseOf(work, ref, base);
    const merging = {
      base: before.content,
      onConflict: onConflict ?? undefined,
      shapeProblems: (merged: object) => problemsOf(() => shaped(merged)),
    };
    return {
      change,
      outcomeOf: (agent) => {
        // The version belongs to this agent, and not to a later one of the same id.
        if (agent.historyId !== before.historyId) throw versionNotFound(agent, base);
        return mergeDefinition(agent, definition, merging, catalog);
      },
      // The problems of a merged agent have no place in the text.
      explained: async (error) => (error.code === 'merge.invalid' ? error : withPlaces(error)),
      attributed: (agent, conflicts) => history.attributed(work, agent, base, conflicts),
    };
  }

  /** @throws DomainError `agent.not_found`, `version.not_found` */
  async #baseOf(work: Work, ref: AgentKey, base: number) {
    const { agents, history } = this.#parts;
    const agent = await agents.get(work, ref);
    return { historyId: agent.historyId, content: await history.content(work, agent, base) };
  }
}

/** @throws DomainError `request.invalid` with every problem and its place */
async function shapedIn(
  value: unknown,
  shaped: Shaped,
  withPlaces: (refused: DomainError) => Promise<DomainError>,
): Promise<DefinitionInput> {
  try {
    return shaped(value);
  } catch (error) {
    throw error instanceof DomainError ? await withPlaces(error) : error;
  }
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
