import type { Agent } from '../src/domain/agents.ts';
import {
  type Finding,
  READINESS_CODES,
  READINESS_PARTS,
  READINESS_SEVERITIES,
  severityOf,
} from '../src/domain/readiness.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { readinessReads } from './reads.ts';
import { AgentRef } from './refs.ts';
import { entity, may } from './rights.ts';

const ReadinessCodeEnum = enumOf(
  'ReadinessCode',
  'The problem of a part of an agent.',
  READINESS_CODES,
  {
    'tool.unknown': 'The catalog no longer has the tool.',
    'tool.not_connected': 'The tool needs an OAuth grant, and has none.',
    'tool.grant_expired': 'The access token has expired, and cannot be renewed.',
    'tool.grant_revoked': 'The provider reports that the grant is no longer valid.',
    'skill.tool_unknown': 'The skill requires a tool that the catalog does not have.',
    'skill.tool_not_bound': 'The skill requires a tool that is not bound.',
    'skill.tool_disabled': 'The skill requires a tool that is bound but disabled.',
    'playbook.skill_missing': 'The playbook refers to a skill that does not exist.',
    'playbook.tool_unknown': 'The playbook refers to a tool that the catalog does not have.',
    'playbook.tool_not_bound': 'The playbook refers to a tool that is not bound.',
    'playbook.message_template_missing':
      'The playbook refers to a message template that does not exist.',
    'channel.none_active': 'No channel is in service: the agent cannot be reached.',
    'channel.action_required':
      "The channel needs an action of the agent's operator, which the binding's `statusDetail` describes.",
    'channel.failed':
      "The channel cannot be brought into service; the binding's `statusDetail` gives the reason.",
    'channel.credentials_unreadable':
      'The stored credentials of the channel are lost, or no key opens them: delete the channel and create it again.',
    'outreach.greeting_missing': 'The greeting is a message template that does not exist.',
    'tool.config_missing': 'A required field of the config has no value.',
    'tool.secret_unreadable':
      'A stored secret of the config is lost, or no key opens it: enter it again.',
    'tool.grant_failing':
      'The grant cannot be used: its access token could not be renewed, which is retried, or the stored credential cannot be read.',
    'skill.tool_not_ready':
      'The skill requires a tool that is bound but not ready: see the finding of the tool.',
    'channel.pending': 'The request for the channel is being processed; no action is needed.',
    'outreach.greeting_blocked': 'A missing field of the agent blocks the greeting for everybody.',
    'outreach.link_channel_inactive':
      'The channel of the link is not in service, so the link cannot be redeemed.',
    'playbook.unreachable':
      'The playbook has no `whenToUse`, and is neither the default nor outbound.',
    'playbook.message_template_blocked':
      'A missing field of the agent blocks a message template of a playbook for everybody.',
    'prompt.topic_contradicted': 'A topic or claim to avoid is also required.',
    'prompt.rule_contradicted': 'A prompt can contain a rule and its opposite.',
    'prompt.paragraph_repeated': 'A prompt can contain the paragraph twice.',
    'prompt.slot_unresolved': 'The text has a slot, and only message templates have slots.',
    'prompt.tool_not_bound': 'The text names a tool that is not bound.',
    'prompt.too_long':
      'The longest prompt has more tokens than the server is set to, by an estimate.',
    'prompt.section_dominates': 'The longest prompt is large, and consists mostly of one section.',
  },
);

const SeverityEnum = enumOf('ReadinessSeverity', 'The effect of a finding.', READINESS_SEVERITIES, {
  error: 'It prevents a part of the agent from working.',
  warning: 'The agent works; its prompt probably does not say what is meant.',
});

export const ReadinessFinding = builder.objectRef<Finding>('ReadinessFinding').implement({
  ...entity,
  description: 'A problem of a part of an agent.',
  fields: (t) => ({
    code: t.expose('code', { type: ReadinessCodeEnum, description: 'The kind of problem.' }),
    severity: t.field({
      type: SeverityEnum,
      description: 'Whether it prevents the part from working. An agent without errors is ready.',
      resolve: ({ code }) => severityOf(code),
    }),
    id: t.exposeID('id', {
      nullable: true,
      description:
        'The tool, skill, playbook, channel binding, message template or link with the problem.',
    }),
    field: t.exposeString('field', {
      description:
        'The field to fix, as a path within the agent with items by id, e.g. `channels[chan_x].inputs`.',
    }),
    message: t.exposeString('message', { description: 'The problem in words.' }),
  }),
});

/** A right of its own, because it reads more than the document: links, and the state of grants. */
const mayRead = may<Agent, object>('viewer', 'agents:read', ({ org }) => org);

builder.objectField(AgentRef, 'readiness', (t) =>
  t.field({
    type: [ReadinessFinding],
    ...mayRead,
    description:
      'The problems that prevent its tools, skills, playbooks, channels and outreach from working, and warnings about its prompts; the agent is ready if there are no errors. A disabled part is no problem unless an enabled part needs it.',
    reads: READINESS_PARTS,
    listLength: 200,
    resolve: async (agent, _, { services, loaders, work }) => [
      ...(await services.readiness.of(work, agent, readinessReads(loaders))),
    ],
  }),
);
