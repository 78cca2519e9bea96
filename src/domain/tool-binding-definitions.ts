import type { AgentContent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import type { Problem } from './errors.ts';
import { fieldPath } from './field-paths.ts';
import { listShape } from './list-shape.ts';
import type { SectionSpec } from './section-spec.ts';
import { type AgentToolBinding, emptyToolBinding } from './tool-bindings.ts';
import { configProblems, type GivenConfig, newSecrets, plainConfig } from './tool-config.ts';

/** A binding as an export contains it: without its secrets and its grant. */
type ExportedToolBinding = Pick<AgentToolBinding, 'toolId' | 'enabled' | 'config'>;

/** A binding as an import accepts it. */
export interface ToolBindingFields {
  readonly toolId: string;
  readonly enabled?: boolean | null | undefined;
  readonly config?: Readonly<Record<string, unknown>> | null | undefined;
}

type Tools = Pick<CatalogView, 'tools'>;

/** A tool that stays bound keeps its secrets and its grant. */
export const TOOL_BINDINGS_SECTION = {
  description: 'The bound tools, without secrets.',
  isReadByReadiness: true,
  shape: listShape<ExportedToolBinding>('toolId', { toolId: true, enabled: true, config: 'json' }),
  secretMarks,
  read: ({ toolBindings = [] }) =>
    toolBindings.map(({ toolId, enabled, config }) => ({ toolId, enabled, config })),
  apply: (agent, exported) => {
    const bound = new Map(agent.toolBindings?.map((one) => [one.toolId, one]));
    const toolBindings = exported.map((one) => ({
      ...(bound.get(one.toolId) ?? emptyToolBinding(one.toolId)),
      ...one,
    }));
    return { ...agent, toolBindings };
  },
  complete: (input, catalog) =>
    (input ?? []).map((given) => ({
      toolId: given.toolId,
      enabled: given.enabled ?? true,
      config: plainConfig({}, configOf(given, catalog)),
    })),
  validate: (given, _, catalog) => {
    const seen = new Set<string>();
    return given.flatMap((one, i) => {
      const isRepeated = seen.has(one.toolId);
      seen.add(one.toolId);
      const problems = isRepeated ? [toolProblem('is bound twice')] : bindingProblems(one, catalog);
      return problems.map(({ path, message }) => ({ path: `toolBindings[${i}].${path}`, message }));
    });
  },
  fromTemplate: null,
  dropDangling: null,
} as const satisfies SectionSpec<readonly ExportedToolBinding[], readonly ToolBindingFields[]>;

function configOf({ toolId, config }: ToolBindingFields, { tools }: Tools): GivenConfig {
  return { tool: tools.get(toolId) ?? { id: toolId }, mode: 'replace', config: config ?? {} };
}

function bindingProblems(given: ToolBindingFields, catalog: Tools): readonly Problem[] {
  if (!catalog.tools.get(given.toolId)) return [toolProblem('is not a tool of the catalog')];
  const change = configOf(given, catalog);
  const secrets = [...newSecrets(change).keys()];
  if (secrets.length === 0) return configProblems(change, plainConfig({}, change));
  const message = 'is write-only: give it to the binding itself';
  return secrets.map((field) => ({ path: `config.${field}`, message }));
}

function toolProblem(message: string): Problem {
  return { path: 'toolId', message };
}

function secretMarks({ toolBindings = [] }: AgentContent) {
  return new Map(
    toolBindings.map(({ toolId, secrets = {} }) => {
      const marks = Object.entries(secrets).map(
        ([field, { id, updatedAt }]) =>
          [fieldPath(['config', field]), `${id} ${updatedAt}`] as const,
      );
      return [toolId, new Map(marks)];
    }),
  );
}
