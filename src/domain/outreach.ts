import type { Agent } from './agents.ts';
import { DomainError } from './errors.ts';
import { type AgentMessageTemplate, messageTemplateOf } from './message-templates.ts';
import { type Patch, setFields } from './patch.ts';
import type { SectionSpec } from './section-spec.ts';
import { recordShape } from './shapes.ts';

/** How an agent starts a conversation (reference, "Outreach"). */
export interface OutreachConfig {
  /** The id of a message template of the agent. If unset, the agent composes its first message. */
  readonly greetingTemplateId?: string;
}

/** @throws DomainError `message_template.not_found` */
export function replaceOutreach(agent: Agent, input: Patch<OutreachConfig>): Agent {
  if (input.greetingTemplateId != null) messageTemplateOf(agent, input.greetingTemplateId);
  return { ...agent, outreach: setFields<OutreachConfig>(input) };
}

/** @throws DomainError `outreach.no_greeting` if none is configured */
export function greetingOf(agent: Agent): AgentMessageTemplate {
  const id = agent.outreach?.greetingTemplateId;
  if (id !== undefined) return messageTemplateOf(agent, id);
  throw new DomainError('outreach.no_greeting', 'no greeting template is configured');
}

export const OUTREACH_SECTION = {
  description: 'How it starts a conversation.',
  isReadByReadiness: true,
  shape: recordShape<OutreachConfig>({ greetingTemplateId: true }),
  secretMarks: null,
  read: ({ outreach = {} }) => outreach,
  apply: (agent, outreach) => ({ ...agent, outreach }),
  complete: (input) => setFields<OutreachConfig>(input ?? {}),
  validate: ({ greetingTemplateId: id }, agent) =>
    id == null || hasMessageTemplate(agent, id)
      ? []
      : [
          {
            path: 'outreach.greetingTemplateId',
            message: `the agent has no message template '${id}'`,
          },
        ],
  fromTemplate: ({ outreach }) => outreach,
  dropDangling: (agent) => {
    const id = agent.outreach?.greetingTemplateId;
    return id === undefined || hasMessageTemplate(agent, id) ? agent : { ...agent, outreach: {} };
  },
} as const satisfies SectionSpec<OutreachConfig, Patch<OutreachConfig>>;

function hasMessageTemplate({ messageTemplates = [] }: Agent, id: string): boolean {
  return messageTemplates.some((one) => one.id === id);
}
