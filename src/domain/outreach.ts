import type { Agent } from './agents.ts';
import { DomainError } from './errors.ts';
import { type AgentMessageTemplate, messageTemplateOf } from './message-templates.ts';
import { type Patch, setFields } from './patch.ts';

/** How an agent opens a conversation (reference, "Outreach"). */
export interface OutreachConfig {
  /** One of the agent's message templates; where unset, the opener is composed. */
  readonly greetingTemplateId?: string;
}

/** @throws DomainError `message_template.not_found` */
export function replaceOutreach(agent: Agent, input: Patch<OutreachConfig>): Agent {
  if (input.greetingTemplateId != null) messageTemplateOf(agent, input.greetingTemplateId);
  return { ...agent, outreach: setFields<OutreachConfig>(input) };
}

/** @throws DomainError `outreach.no_greeting` when none is configured */
export function greetingOf(agent: Agent): AgentMessageTemplate {
  const id = agent.outreach?.greetingTemplateId;
  if (id !== undefined) return messageTemplateOf(agent, id);
  throw new DomainError('outreach.no_greeting', 'no greeting template is configured');
}
