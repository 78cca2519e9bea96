import { type AgentKey, agentKey } from '../agents/collection.ts';
import { type AgentService, notFound } from '../agents/service.ts';
import type { Agent, AgentContent } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { type DocumentInput, type ImportedInput, importDefinition } from '../domain/definitions.ts';
import { DomainError, invalid, type Problem } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import { type MergeRequest, mergeDefinition } from '../domain/merge-import.ts';
import type { Side } from '../domain/merge-values.ts';
import type { DefinitionInput, Section } from '../domain/sections.ts';
import { type HistoryService, versionNotFound } from '../history/service.ts';
import type { Intention } from '../plans/intention.ts';
import type { Made, PlanService } from '../plans/service.ts';
import type { Work } from '../work.ts';
import type { YamlThread } from '../yaml/thread.ts';
import { type ExportFormat, exportText } from './export.ts';
import { type ReadText, readDefinitionText } from './text.ts';

/** Checks the shape of a value. @throws DomainError `request.invalid` with every problem */
type Shaped<Input> = (value: unknown) => Input;

export interface ImportRequest {
  /** The text of a definition. */
  readonly document: string;
  /** The version that the definition was made from. If it is given, the import is a merge. */
  readonly base?: number | null | undefined;
  /** The side that wins all conflicts of the merge. */
  readonly onConflict?: Side | null | undefined;
}

/** An import that is to be made as it was planned, if it has a plan. */
type PlannedRequest = ImportRequest & { readonly plan?: string | null | undefined };

interface ReadInput<Input> extends Pick<ReadText, 'withPlaces'> {
  readonly input: Input;
}

interface Parts {
  readonly agents: Pick<AgentService, 'absent' | 'find' | 'get'>;
  readonly history: Pick<HistoryService, 'content' | 'attributed'>;
  readonly plans: Pick<PlanService, 'carryOut' | 'carryOutOrCreate'>;
  readonly catalog: CatalogView;
  readonly yaml: YamlThread;
}

/** Exports agents as text, and imports definitions into them. */
export class DefinitionService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  export(work: Work, agent: AgentContent, format: ExportFormat): Promise<string> {
    return exportText(work, agent, format);
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
    request: PlannedRequest,
    shaped: Shaped<DefinitionInput>,
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
    request: ImportRequest,
    shaped: Shaped<DefinitionInput>,
  ): Promise<Intention<readonly Section[]>> {
    const read = await this.#read(work, request, shaped);
    const shapeProblems = (sections: object) => problemsOf(() => shaped(sections));
    return this.#importing(work, ref, request, read, shapeProblems);
  }

  /**
   * Imports the text of a document into the agent that it names, or creates that agent.
   *
   * @throws DomainError as `import`; `agent.not_found` only with a base or an expected version
   */
  async importDocument(
    work: Work,
    org: string,
    expectedVersion: number | null | undefined,
    request: PlannedRequest,
    shaped: Shaped<DocumentInput>,
  ): Promise<Made<readonly Section[]>> {
    const { plans } = this.#parts;
    const { ref, intention } = await this.#importingDocument(work, org, request, shaped);
    if (mayCreate(request, expectedVersion)) {
      return plans.carryOutOrCreate(work, ref, intention, request.plan);
    }
    const changed = await plans.carryOut(work, ref, expectedVersion, intention, request.plan);
    return { ...changed, created: false };
  }

  /**
   * The import of a document, to be planned.
   *
   * @returns the agent that it names, as it is or as `absentAgent`
   * @throws DomainError as `importing`; `agent.not_found` only with a base or an expected version
   */
  async planningDocument(
    work: Work,
    org: string,
    expectedVersion: number | null | undefined,
    request: ImportRequest,
    shaped: Shaped<DocumentInput>,
  ): Promise<{ readonly agent: Agent; readonly intention: Intention<readonly Section[]> }> {
    const { agents } = this.#parts;
    const { ref, intention } = await this.#importingDocument(work, org, request, shaped);
    const agent = await agents.find(work, ref);
    if (agent) return { agent, intention };
    if (!mayCreate(request, expectedVersion)) throw notFound(agentKey(ref));
    return { agent: await agents.absent(work, ref), intention };
  }

  async #importingDocument(
    work: Work,
    org: string,
    request: ImportRequest,
    shaped: Shaped<DocumentInput>,
  ) {
    const read = await this.#read(work, request, shaped);
    const { id } = read.input.agent;
    const ref = { org, id };
    const shapeProblems = (sections: object, agent: object) =>
      problemsOf(() => shaped({ agent: { id, ...agent }, ...sections }));
    return { ref, intention: await this.#importing(work, ref, request, read, shapeProblems) };
  }

  /** @throws DomainError `request.invalid` with every problem and its place, as `readDefinitionText` */
  async #read<Input>(
    work: Work,
    { document, base, onConflict }: ImportRequest,
    shaped: Shaped<Input>,
  ): Promise<ReadInput<Input>> {
    if (onConflict && base == null) {
      throw invalid([{ path: 'onConflict', message: 'requires base' }]);
    }
    const caller = work.origin.actor.id;
    const { value, withPlaces } = await readDefinitionText(document, this.#parts.yaml, caller);
    try {
      return { input: shaped(value), withPlaces };
    } catch (error) {
      throw error instanceof DomainError ? await withPlaces(error) : error;
    }
  }

  async #importing(
    work: Work,
    ref: AgentKey,
    { document, base, onConflict }: ImportRequest,
    { input, withPlaces }: ReadInput<ImportedInput>,
    shapeProblems: MergeRequest['shapeProblems'],
  ): Promise<Intention<readonly Section[]>> {
    const { catalog, history } = this.#parts;
    const change = ['import', document, base ?? null, onConflict ?? null];
    if (base == null) {
      return {
        change,
        outcomeOf: (agent) => importDefinition(agent, input, catalog),
        explained: withPlaces,
      };
    }
    const before = await this.#baseOf(work, ref, base);
    const merging = { base: before.content, onConflict: onConflict ?? undefined, shapeProblems };
    return {
      change,
      outcomeOf: (agent) => {
        // The version belongs to this agent, and not to a later one of the same id.
        if (agent.historyId !== before.historyId) throw versionNotFound(agent, base);
        return mergeDefinition(agent, input, merging, catalog);
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

/** Whether an import may create its agent: it names no version of it. */
function mayCreate({ base }: ImportRequest, expectedVersion: number | null | undefined): boolean {
  return base == null && expectedVersion == null;
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
