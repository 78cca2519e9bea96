import type { Agent } from '../src/domain/agents.ts';
import { type Finding, READINESS_CODES } from '../src/domain/readiness.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { entity, may } from './rights.ts';

const ReadinessCodeEnum = enumOf(
  'ReadinessCode',
  'What keeps a part of an agent from working.',
  READINESS_CODES,
  {
    'tool.unknown': 'The catalog no longer has the tool.',
    'tool.not_connected': 'The tool takes an OAuth grant, and has none.',
    'tool.grant_expired': 'The access token is over, and cannot be renewed.',
    'tool.grant_revoked': 'The provider says that the grant is no longer valid.',
    'skill.tool_unknown': 'It requires a tool that the catalog does not have.',
    'skill.tool_not_bound': 'It requires a tool that is not bound.',
    'skill.tool_disabled': 'It requires a tool that is bound, and switched off.',
    'playbook.skill_missing': 'It refers to a skill that is not there.',
    'playbook.tool_unknown': 'It refers to a tool that the catalog does not have.',
    'playbook.tool_not_bound': 'It refers to a tool that is not bound.',
    'playbook.message_template_missing': 'It refers to a message template that is not there.',
    'channel.none_active': 'No channel is in service: nobody can reach the agent.',
    'channel.action_required':
      "The agent's operator has to act: the binding's `statusDetail` says how.",
    'channel.failed': "It will not come to anything: the binding's `statusDetail` says why.",
    'outreach.greeting_missing': 'The greeting is a message template that is not there.',
    'tool.config_missing': 'A required field of the config has no value.',
    'tool.grant_failing': 'The access token could not be renewed; it is tried again.',
    'skill.tool_not_ready': 'The tool is bound, and lacks something itself: see its own finding.',
    'channel.pending': 'The request is being worked on; there is nothing to do.',
    'outreach.greeting_blocked': 'A slot of the greeting blocks it for everybody.',
    'outreach.link_channel_inactive': 'Whoever redeems the link is refused.',
  },
);

const ReadinessFinding = builder.objectRef<Finding>('ReadinessFinding').implement({
  ...entity,
  description: 'Something that keeps a part of an agent from working.',
  fields: (t) => ({
    code: t.expose('code', { type: ReadinessCodeEnum, description: 'What it is.' }),
    id: t.exposeID('id', {
      nullable: true,
      description: 'The tool, skill, playbook, channel binding, message template or link.',
    }),
    field: t.exposeString('field', {
      description:
        'What to fix: a path within the agent, items by their id, e.g. `channels[chan_x].inputs`.',
    }),
    message: t.exposeString('message', { description: 'In words for people.' }),
  }),
});

/** What the findings are made of. */
const READS = [
  'name',
  'identity',
  'toolBindings',
  'skills',
  'playbooks',
  'messageTemplates',
  'outreach',
  'channels',
] as const;

/** It reads links, and whether grants stand: more than the agent's own document. */
const mayRead = may<Agent, object>('viewer', 'agents:read', ({ org }) => org);

builder.objectField(AgentRef, 'readiness', (t) =>
  t.field({
    type: [ReadinessFinding],
    ...mayRead,
    description:
      'What keeps its tools, skills, playbooks, channels and outreach from working; empty when all is in place. What was switched off on purpose is no finding, unless something that is on needs it.',
    reads: READS,
    resolve: async (agent, _, { services, loaders, work }) => [
      ...(await services.readiness.of(work, agent, {
        links: loaders.outreachLinks,
        credential: (key) => loaders.credential.load(key),
      })),
    ],
  }),
);
