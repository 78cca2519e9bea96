import type { AgentKey } from '../agents/collection.ts';
import type { AgentContent } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { exportDefinition, importDefinition } from '../domain/definitions.ts';
import type { ItemChange } from '../domain/items.ts';
import type { DefinitionInput, Section } from '../domain/sections.ts';
import type { ToolBindingService } from '../tool-bindings/service.ts';
import type { Work } from '../work.ts';
import { yamlText } from './yaml.ts';

export const EXPORT_FORMATS = ['yaml', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface Parts {
  readonly toolBindings: Pick<ToolBindingService, 'changeAll'>;
  readonly catalog: CatalogView;
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
