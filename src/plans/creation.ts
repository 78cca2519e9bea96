import { idTaken } from '../agents/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type CreateAgentInput, isAbsent, newAgent } from '../domain/agents.ts';
import { applyTemplate } from '../domain/apply-template.ts';
import { invalid } from '../domain/errors.ts';
import type { Intention } from './intention.ts';

/** A new agent, and the agent template that is applied to it. */
export interface CreationInput extends CreateAgentInput {
  readonly templateId?: string | null | undefined;
}

/** @throws DomainError `request.invalid` if a creation that is to be planned names no id */
export function plannedId({ id }: CreationInput): string {
  if (id == null) throw invalid([{ path: 'id', message: 'is required for a plan' }]);
  return id;
}

/**
 * The creation of an agent, with the template if it names one: one change, of an agent that does not
 * exist.
 *
 * @throws DomainError `request.invalid`, `catalog.not_found`
 */
export function creatingAgent(input: CreationInput, catalog: Catalog): Intention<undefined> {
  const { id, name, description, identity, templateId } = input;
  const content = newAgent(input);
  const template = templateId == null ? undefined : catalog.agentTemplates.require(templateId);
  return {
    change: ['create', id, name, description, identity, templateId].map((it) => it ?? null),
    outcomeOf: (agent) => {
      if (!isAbsent(agent)) {
        return { after: agent, item: undefined, refusal: idTaken(agent.id) };
      }
      const created = { ...agent, ...content };
      if (!template) return { after: created, item: undefined };
      const { after, refusal } = applyTemplate(created, template, catalog);
      return { after, item: undefined, refusal };
    },
  };
}
