import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agents.ts';
import type { ChannelBinding } from '../../src/domain/channels.ts';
import type { OutreachLink } from '../../src/domain/outreach-links.ts';
import { type Grant, type ReadinessContext, readinessOf } from '../../src/domain/readiness.ts';
import { kindOf } from '../kit/catalog.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const TOOL = '@anychat/tool.calendar';
const tools = [
  {
    id: TOOL,
    configSchema: { required: ['calendarId', 'key'], properties: { key: { writeOnly: true } } },
  },
];
const context: ReadinessContext = {
  tools: kindOf(tools),
  systemSkills: kindOf([{ id: 'escalate', name: 'E', description: 'E', body: 'E' }]),
  grants: new Map([[TOOL, { state: 'connected' }]]),
  unreadable: new Set(),
  links: [],
};
const webchat: ChannelBinding = {
  id: 'chan_web',
  channel: 'webchat',
  mode: 'managed',
  status: 'Active',
  events: [],
};
const rcs: ChannelBinding = { ...webchat, id: 'chan_rcs', channel: 'rcs' };
const binding = {
  toolId: TOOL,
  enabled: true,
  config: { calendarId: 'c' },
  secrets: { key: { id: 's', hint: '', updatedAt: '' } },
};
const agent: Agent = {
  org: 'acme',
  id: 'a',
  uid: 'u',
  historyId: 'u',
  version: 1,
  name: 'A',
  identity: {},
  channels: [webchat],
  toolBindings: [binding],
  skills: [{ id: 'book', name: 'B', body: 'B', enabled: true, requiredTools: [TOOL] }],
  playbooks: [
    {
      id: 'p',
      name: 'P',
      body: 'P',
      isDefault: true,
      skillRefs: ['book', 'escalate'],
      toolRefs: [TOOL],
    },
  ],
  messageTemplates: [{ id: 'hi', name: 'Hi', body: 'Hi {person.firstName | block-send}' }],
  outreach: { greetingTemplateId: 'hi' },
  createdAt: '',
  updatedAt: '',
};
const link: OutreachLink = {
  id: 'olink_1',
  code: 'c',
  bindingId: rcs.id,
  maxUses: 1,
  redemptionCount: 0,
  expiresAt: '2026-06-02T00:00:00.000Z',
  disabled: false,
  createdAt: '',
};

/** `code field` of each finding. */
function findings(change: Partial<Agent>, also: Partial<ReadinessContext> = {}): string[] {
  return readinessOf({ ...agent, ...change }, { ...context, ...also }, now).map(
    ({ code, field }) => `${code} ${field}`,
  );
}

const [skill] = agent.skills ?? [];
const [playbook] = agent.playbooks ?? [];
const [template] = agent.messageTemplates ?? [];
if (!skill || !playbook || !template) throw new Error('the agent above has one of each');

it('finds nothing if everything works', () => {
  expect(findings({})).toEqual([]);
  expect(findings({ skills: [], playbooks: [], toolBindings: [], outreach: {} })).toEqual([]);
});

describe('tools and their users', () => {
  const bindingField = `toolBindings[${TOOL}]`;

  it('finds missing fields of a config, secrets too', () => {
    const empty = { toolId: TOOL, enabled: true, config: {} };
    expect(findings({ toolBindings: [empty] })).toEqual([
      `tool.config_missing ${bindingField}.config.calendarId`,
      `tool.config_missing ${bindingField}.config.key`,
      `skill.tool_not_ready ${bindingField}.config.calendarId`,
    ]);
  });

  it('finds stored secrets that cannot be read', () => {
    expect(findings({}, { unreadable: new Set(['s']) })).toEqual([
      `tool.secret_unreadable ${bindingField}.config.key`,
      `skill.tool_not_ready ${bindingField}.config.key`,
    ]);
    const off = { toolBindings: [{ ...binding, enabled: false }], skills: [] };
    expect(findings({ ...off, playbooks: [] }, { unreadable: new Set(['s']) })).toEqual([]);
  });

  it.each([
    ['not-connected', 'tool.not_connected'],
    ['expired', 'tool.grant_expired'],
    ['revoked', 'tool.grant_revoked'],
    ['error', 'tool.grant_failing'],
  ] as const)('finds a grant that is %s', (state, code) => {
    const grants = new Map<string, Grant>([[TOOL, { state, lastError: 'invalid_grant' }]]);
    expect(findings({}, { grants })).toEqual([
      `${code} ${bindingField}.oauth`,
      `skill.tool_not_ready ${bindingField}.oauth`,
    ]);
  });

  it.each([
    [
      'unbound',
      { toolBindings: [] },
      ['skill.tool_not_bound toolBindings', 'playbook.tool_not_bound toolBindings'],
    ],
    [
      'disabled',
      { toolBindings: [{ ...binding, enabled: false }] },
      [`skill.tool_disabled ${bindingField}.enabled`],
    ],
    [
      'unknown to the catalog',
      {
        toolBindings: [{ ...binding, toolId: 'x' }],
        skills: [{ ...skill, requiredTools: ['x'] }],
        playbooks: [{ ...playbook, toolRefs: ['x'] }],
      },
      [
        'tool.unknown toolBindings[x]',
        'skill.tool_unknown skills[book].requiredTools',
        'playbook.tool_unknown playbooks[p].toolRefs',
      ],
    ],
    [
      'incomplete and needed only by a disabled skill',
      { toolBindings: [{ ...binding, enabled: false }], skills: [{ ...skill, enabled: false }] },
      [],
    ],
  ])('finds a tool that is %s', (_, change, expected) => {
    expect(findings(change)).toEqual(expected);
  });

  it('finds references of playbooks that do not exist', () => {
    const dangling = { ...playbook, skillRefs: ['gone'], messageTemplateRefs: ['gone', 'hi'] };
    expect(findings({ playbooks: [dangling] })).toEqual([
      'playbook.skill_missing playbooks[p].skillRefs',
      'playbook.message_template_missing playbooks[p].messageTemplateRefs',
    ]);
  });
});

describe('channels', () => {
  it.each([
    ['Requested', ['channel.pending channels[chan_rcs]']],
    ['Provisioning', ['channel.pending channels[chan_rcs]']],
    ['ActionRequired', ['channel.action_required channels[chan_rcs].inputs']],
    ['Failed', ['channel.failed channels[chan_rcs]']],
    ['Disabled', []],
    ['Active', []],
  ] as const)('that are %s', (status, expected) => {
    expect(findings({ channels: [webchat, { ...rcs, status }] })).toEqual(expected);
  });

  it('report the action that the operator must take', () => {
    const asked = { ...rcs, status: 'ActionRequired' as const, statusDetail: 'Send papers.' };
    const [finding] = readinessOf({ ...agent, channels: [webchat, asked] }, context, now);
    expect(finding).toEqual({
      code: 'channel.action_required',
      id: 'chan_rcs',
      field: 'channels[chan_rcs].inputs',
      message: 'the channel rcs needs an action from you: Send papers.',
    });
  });

  it.each([[[]], [[{ ...webchat, status: 'Disabled' as const }]]])(
    'none in service: %j',
    (channels) => {
      expect(findings({ channels })).toEqual(['channel.none_active channels']);
    },
  );
});

describe('outreach', () => {
  it('finds a greeting that does not exist', () => {
    expect(findings({ outreach: { greetingTemplateId: 'gone' } })).toEqual([
      'outreach.greeting_missing outreach.greetingTemplateId',
    ]);
  });

  it.each([
    ['{agent.contactPhone | block-send}', ['outreach.greeting_blocked identity.contactPhone']],
    [
      '{agent.websiteUrl | omit-message} {agent.websiteUrl | omit-message}',
      ['outreach.greeting_blocked identity.websiteUrl'],
    ],
    ['{agent.contactPhone | "none"} {agent.contactPhone} {agent.name | block-send}', []],
    ['{agent.contactEmail | block-send} {agent.companyName | block-send}', []],
  ])('finds that a greeting %s cannot be sent', (body, expected) => {
    const identity = { contactEmail: 'hi@acme.com' };
    expect(findings({ identity, messageTemplates: [{ ...template, body }] })).toEqual(expected);
  });

  it('uses the policy of the template for a slot without one', () => {
    const strict = {
      ...template,
      body: '{agent.contactPhone}',
      defaultOnMissingSlot: 'block-send' as const,
    };
    expect(findings({ messageTemplates: [strict] })).toEqual([
      'outreach.greeting_blocked identity.contactPhone',
    ]);
  });

  it.each([
    [link, ['outreach.link_channel_inactive channels[chan_rcs]']],
    [{ ...link, disabled: true }, []],
    [{ ...link, redemptionCount: 1 }, []],
    [{ ...link, expiresAt: now.toISOString() }, []],
    [{ ...link, bindingId: webchat.id }, []],
  ])('finds open links whose channel is not in service: %o', (given, expected) => {
    expect(findings({}, { links: [given] })).toEqual(expected);
  });
});
