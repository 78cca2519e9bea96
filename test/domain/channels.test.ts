import { describe, expect, it } from 'vitest';
import type { AgentContent } from '../../src/domain/agents.ts';
import {
  type ChannelRules,
  requestBinding,
  updateBinding,
} from '../../src/domain/channel-requests.ts';
import type { ChannelBinding, ChannelBindingStatus } from '../../src/domain/channels.ts';
import { addChannelBinding, type NewChannelBinding } from '../../src/domain/channels.ts';
import { refusalOf } from '../kit/refusal.ts';

const at = '2026-01-01T00:00:00.000Z';
const rules: ChannelRules = {
  managed: {
    instant: false,
    inputsSchema: {
      type: 'object',
      additionalProperties: false,
      required: ['brandName'],
      properties: {
        brandName: { type: 'string', maxLength: 10, 'x-seededFrom': 'name' },
        brandColor: { type: 'string', pattern: '^#', 'x-seededFrom': 'identity.brandColor' },
        countries: { type: 'array', items: { type: 'string' } },
      },
    },
  },
  unmanaged: {
    providers: [
      {
        id: 'twilio',
        authSchema: {
          type: 'object',
          additionalProperties: false,
          required: ['token', 'phone'],
          properties: { token: { type: 'string' }, phone: { type: 'string', pattern: '^\\+' } },
        },
        routingIdFrom: 'phone',
      },
      { id: 'other', authSchema: { type: 'object' } },
    ],
  },
  carrierCompliance: true,
};
const agent: AgentContent = { name: 'Acme', identity: { brandColor: '#fff' } };
const pathsOf = (call: () => unknown) =>
  refusalOf(call)
    .problems.map(({ path }) => path)
    .sort();

describe('requestBinding', () => {
  const managed = { channel: 'rcs', mode: 'managed' } as const;
  const unmanaged = { channel: 'sms', mode: 'unmanaged', provider: 'twilio' } as const;
  const auth = { token: 't', phone: '+1555' };

  it('pre-fills the inputs of a managed channel from the agent', () => {
    const { binding } = requestBinding(
      agent,
      { ...managed, inputs: { brandColor: '#000' } },
      rules,
      'c',
    );
    expect(binding).toEqual({
      ...managed,
      id: 'c',
      status: 'Requested',
      inputs: { brandName: 'Acme', brandColor: '#000' },
    });
  });

  it('leaves out values of the agent that the form refuses', () => {
    const long = { ...agent, name: 'Acme Incorporated' };
    expect(pathsOf(() => requestBinding(long, managed, rules, 'c'))).toEqual(['inputs.brandName']);
    const { binding } = requestBinding(
      long,
      { ...managed, inputs: { brandName: 'A' } },
      rules,
      'c',
    );
    expect(binding.inputs).toEqual({ brandName: 'A', brandColor: '#fff' });
  });

  it('makes an unmanaged binding Active, with its routing id, and returns its credentials apart', () => {
    const { binding, auth: kept } = requestBinding(agent, { ...unmanaged, auth }, rules, 'c');
    expect(binding).toEqual({ ...unmanaged, id: 'c', status: 'Active', routingId: '+1555' });
    expect(kept).toEqual(auth);
  });

  it.each([
    [{ ...managed, provider: 'twilio', auth }, ['auth', 'provider']],
    [{ ...managed, inputs: { soup: 1, brandName: 7 } }, ['inputs.brandName', 'inputs.soup']],
    [{ ...unmanaged, inputs: {}, auth }, ['inputs']],
    [{ ...unmanaged, provider: null, auth }, ['provider']],
    [{ ...unmanaged, provider: 'nobody', auth }, ['provider']],
    [unmanaged, ['auth.phone', 'auth.token']],
    [{ ...unmanaged, auth: { ...auth, phone: '555', soup: 1 } }, ['auth.phone', 'auth.soup']],
    [
      { ...unmanaged, auth: JSON.parse('{"token":"t","phone":"+1","__proto__":1}') },
      ['auth.__proto__'],
    ],
  ])('refuses %j at %j', (input, paths) => {
    expect(pathsOf(() => requestBinding(agent, input, rules, 'c'))).toEqual(paths);
  });

  it('refuses an unmanaged binding of a channel without providers', () => {
    const { unmanaged: _, ...alone } = rules;
    expect(pathsOf(() => requestBinding(agent, { ...unmanaged, auth }, alone, 'c'))).toEqual([
      'mode',
    ]);
  });
});

describe('updateBinding', () => {
  const held: ChannelBinding = {
    id: 'c',
    channel: 'rcs',
    mode: 'managed',
    status: 'Requested',
    events: [],
    inputs: { brandName: 'Acme', brandColor: '#fff' },
    delivery: { minMessageDelayMs: 500 },
    compliance: { enabled: true, disclaimerText: 'Hi.' },
  };
  const own: ChannelBinding = { ...held, mode: 'unmanaged', provider: 'twilio', status: 'Active' };

  it.each([
    [
      { inputs: { brandColor: null, countries: ['US'] } },
      { inputs: { brandName: 'Acme', countries: ['US'] } },
    ],
    [{ delivery: { minMessageDelayMs: 250 } }, { delivery: { minMessageDelayMs: 250 } }],
    [{ delivery: { minMessageDelayMs: 3_000 } }, { delivery: { minMessageDelayMs: 3_000 } }],
    [{ delivery: null }, { delivery: undefined }],
    [{ delivery: { minMessageDelayMs: null } }, { delivery: undefined }],
    [{ compliance: { enabled: false } }, { compliance: { enabled: false, disclaimerText: 'Hi.' } }],
    [{ compliance: { disclaimerText: null } }, { compliance: { enabled: true } }],
    [
      { compliance: null, delivery: null },
      { compliance: undefined, delivery: undefined },
    ],
    [{}, {}],
  ])('merges %j', (input, expected) => {
    expect(updateBinding(held, input, rules).binding).toEqual({ ...held, ...expected });
  });

  it('returns merged credentials, and updates the routing id', () => {
    const stored = { token: 'old', phone: '+1' };
    const { binding, auth } = updateBinding(own, { auth: { phone: '+2' } }, rules, stored);
    expect(auth).toEqual({ token: 'old', phone: '+2' });
    expect(binding.routingId).toBe('+2');
  });

  it('leaves compliance disabled if only its text is given', () => {
    const { compliance: _, ...bare } = held;
    const { binding } = updateBinding(bare, { compliance: { disclaimerText: 'Hi.' } }, rules);
    expect(binding.compliance).toEqual({ enabled: false, disclaimerText: 'Hi.' });
  });

  it.each([
    [held, { auth: { token: 't' } }, ['auth']],
    [held, { inputs: null }, ['inputs.brandName']],
    [held, { inputs: { brandName: null, soup: 1 } }, ['inputs.brandName', 'inputs.soup']],
    [held, { delivery: { minMessageDelayMs: 249 } }, ['delivery.minMessageDelayMs']],
    [held, { delivery: { minMessageDelayMs: 3_001 } }, ['delivery.minMessageDelayMs']],
    [held, { compliance: { enabled: null } }, ['compliance.enabled']],
    [own, { inputs: { brandName: 'A' } }, ['inputs']],
    [own, { auth: null }, ['auth']],
    [own, { auth: { token: null, phone: 7 } }, ['auth.phone', 'auth.token']],
    [
      own,
      { auth: { token: 7 }, delivery: { minMessageDelayMs: 0 } },
      ['auth.token', 'delivery.minMessageDelayMs'],
    ],
  ])('of %o refuses %j at %j', (binding, input, paths) => {
    const stored = { token: 't', phone: '+1' };
    expect(pathsOf(() => updateBinding(binding, input, rules, stored))).toEqual(paths);
  });

  it.each([{ enabled: true }, null])(
    'refuses compliance %j for channels without carriers',
    (compliance) => {
      const webchat = { ...rules, carrierCompliance: false };
      expect(pathsOf(() => updateBinding(held, { compliance }, webchat))).toEqual(['compliance']);
    },
  );

  it.each(['Active', 'Disabled'] as const)('refuses inputs if the binding is %s', (status) => {
    const call = () => updateBinding({ ...held, status }, { inputs: { brandName: 'A' } }, rules);
    expect(refusalOf(call).code).toBe('channel.inputs_settled');
  });

  it.each(['Active', 'Disabled'] as const)(
    'changes inputs if the binding is %s and the channel needs no provisioning',
    (status) => {
      const instant = { ...rules, managed: { ...rules.managed, instant: true } };
      const { binding } = updateBinding(
        { ...held, status },
        { inputs: { brandName: 'A' } },
        instant,
      );
      expect(binding.inputs).toEqual({ brandName: 'A', brandColor: '#fff' });
      expect(binding.status).toBe(status);
    },
  );
});

describe('a new request for an archived binding', () => {
  const fresh: NewChannelBinding = {
    id: 'new',
    channel: 'rcs',
    mode: 'managed',
    status: 'Requested',
    inputs: { brandName: 'New' },
  };
  const archivedAs = (status: ChannelBindingStatus): ChannelBinding => ({
    id: 'old',
    channel: 'rcs',
    mode: 'managed',
    status,
    statusDetail: 'Was.',
    routingId: 'carrier-1',
    inputs: { brandName: 'Old' },
    events: [{ at, to: 'Requested', actor: 'operator' }],
  });

  it.each([
    ['Active', 'Active', 'Old'],
    ['Disabled', 'Active', 'Old'],
    ['ActionRequired', 'Requested', 'New'],
    ['Failed', 'Requested', 'New'],
  ] as const)('that was %s: it becomes %s, with the %s inputs', (was, is, brandName) => {
    const archivedRcs = archivedAs(was);
    const { agent: bound } = addChannelBinding({ ...agent, archivedRcs }, fresh, 'operator', at);
    const { channels = [], ...rest } = bound;
    expect(rest).toEqual(agent);
    expect(channels).toHaveLength(1);
    expect(channels[0]).toMatchObject({
      id: 'old',
      status: is,
      routingId: 'carrier-1',
      inputs: { brandName },
    });
    expect(channels[0]?.statusDetail).toBeUndefined();
    expect(channels[0]?.events.at(-1)).toMatchObject({ from: was, to: is });
  });

  it('leaves it archived if the request is unmanaged', () => {
    const archivedRcs = archivedAs('Active');
    const own: NewChannelBinding = {
      ...fresh,
      mode: 'unmanaged',
      provider: 'twilio',
      status: 'Active',
    };
    const { agent: bound } = addChannelBinding({ ...agent, archivedRcs }, own, 'operator', at);
    expect(bound.archivedRcs).toBe(archivedRcs);
    expect(bound.channels?.map(({ id }) => id)).toEqual(['new']);
    expect(refusalOf(() => addChannelBinding(bound, fresh, 'operator', at)).code).toBe(
      'channel.already_bound',
    );
  });
});
