import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { applyTemplate } from '../../src/domain/apply-template.ts';
import { accepted } from '../../src/domain/outcome.ts';
import type { AgentTemplate } from '../../src/domain/templates.ts';
import { agentWith } from './agent.ts';

const catalog = loadCatalog();

/** The shipped agent templates. */
export const SHIPPED_TEMPLATES: readonly AgentTemplate[] = catalog.agentTemplates.list();

/** An agent that a shipped template was applied to, with the preamble that the template suggests. */
export function templateAgent(template: AgentTemplate): Agent {
  const { identityPreamble } = template;
  const identity = identityPreamble === undefined ? {} : { identityPreamble };
  return accepted(applyTemplate(agentWith({ identity }), template, catalog)).agent;
}
