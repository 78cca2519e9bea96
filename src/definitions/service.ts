import type { AgentKey } from '../agents/collection.ts';
import type { Agent } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { exportDefinition, importDefinition } from '../domain/definitions.ts';
import type { ItemChange } from '../domain/items.ts';
import type { DefinitionInput, Section } from '../domain/sections.ts';
import type { ToolBindingService } from '../tool-bindings/service.ts';
import type { Work } from '../work.ts';
import type { YamlThread } from '../yaml/thread.ts';

export const EXPORT_FORMATS = ['yaml', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface Parts {
  readonly toolBindings: Pick<ToolBindingService, 'changeAll'>;
  readonly catalog: CatalogView;
  readonly yaml: Pick<YamlThread, 'write'>;
}

/** Exports agents as text, and imports definitions into them. */
export class DefinitionService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws DomainError `server.busy` */
  async export(work: Work, agent: Agent, format: ExportFormat): Promise<string> {
    const definition = await work.inTurn(() => exportDefinition(agent));
    if (format === 'json') return `${JSON.stringify(definition, null, 2)}\n`;
    return this.#parts.yaml.write(definition, work.origin.actor.id);
  }

  /** @throws DomainError `agent.not_found`, `version.mismatch`, `request.invalid`, `agent.too_large` */
  import(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    definition: DefinitionInput,
  ): Promise<ItemChange<readonly Section[]>> {
    const { toolBindings, catalog } = this.#parts;
    return toolBindings.changeAll(work, ref, expectedVersion, (agent) =>
      importDefinition(agent, definition, catalog),
    );
  }
}
