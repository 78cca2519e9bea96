import type { AgentKey } from '../agents/collection.ts';
import type { AgentContent } from '../domain/agents.ts';
import type { CatalogView } from '../domain/catalog-view.ts';
import { exportDefinition, importDefinition } from '../domain/definitions.ts';
import { DomainError } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import type { DefinitionInput, Section } from '../domain/sections.ts';
import type { ToolBindingService } from '../tool-bindings/service.ts';
import type { Work } from '../work.ts';
import type { YamlThread } from '../yaml/thread.ts';
import { readDefinitionText } from './text.ts';
import { yamlText } from './yaml.ts';

export const EXPORT_FORMATS = ['yaml', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

interface Parts {
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
   *   `agent.too_large`, and as `readDefinitionText`
   */
  async import(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    text: string,
    shaped: (value: unknown) => DefinitionInput,
  ): Promise<ItemChange<readonly Section[]>> {
    const { toolBindings, catalog, yaml } = this.#parts;
    const { value, withPlaces } = await readDefinitionText(text, yaml, work.origin.actor.id);
    try {
      const definition = shaped(value);
      return await toolBindings.changeAll(work, ref, expectedVersion, (agent) =>
        importDefinition(agent, definition, catalog),
      );
    } catch (error) {
      throw error instanceof DomainError ? await withPlaces(error) : error;
    }
  }
}
