import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelBinding } from '../../src/domain/channels.ts';
import {
  newOutreachLink,
  type OutreachLink,
  redeemLink,
  usesRemaining,
} from '../../src/domain/outreach-links.ts';
import { refusalOf } from '../kit/refusal.ts';

const now = new Date('2026-06-01T12:00:00.000Z');
const inDays = (days: number, ms = 0) =>
  new Date(now.getTime() + days * 86_400_000 + ms).toISOString();
const bound = (channel: ChannelBinding['channel'], status: ChannelBinding['status']) =>
  ({ id: channel, channel, mode: 'managed', status, events: [] }) satisfies ChannelBinding;
const rcs = bound('rcs', 'Active');
const agent = { channels: [bound('webchat', 'Active'), rcs] };
const link: OutreachLink = {
  ...newOutreachLink(agent, { bindingId: 'rcs', maxUses: 2 }, now),
  id: 'olink_1',
  code: 'c',
};

describe('a new outreach link', () => {
  it('has 25 uses and 14 days by default', () => {
    expect(newOutreachLink(agent, { bindingId: 'rcs', label: null }, now)).toEqual({
      bindingId: 'rcs',
      maxUses: 25,
      redemptionCount: 0,
      expiresAt: inDays(14),
      disabled: false,
      createdAt: now.toISOString(),
    });
  });

  it.each([
    [{ maxUses: 1 }],
    [{ maxUses: 500 }],
    [{ expiresAt: inDays(30) }],
    [{ expiresAt: inDays(0, 1) }],
  ])('accepts %j', (input) => {
    expect(newOutreachLink(agent, { bindingId: 'rcs', ...input }, now)).toMatchObject(input);
  });

  it.each([
    [{ maxUses: 0 }, ['maxUses']],
    [{ maxUses: 501 }, ['maxUses']],
    [{ expiresAt: inDays(30, 1) }, ['expiresAt']],
    [{ expiresAt: inDays(0) }, ['expiresAt']],
    [{ bindingId: 'webchat' }, ['bindingId']],
    [
      { bindingId: 'nobody', maxUses: -1, expiresAt: inDays(-1) },
      ['bindingId', 'maxUses', 'expiresAt'],
    ],
  ])('refuses %j', (input, paths) => {
    const { problems } = refusalOf(() =>
      newOutreachLink(agent, { bindingId: 'rcs', ...input }, now),
    );
    expect(problems.map(({ path }) => path)).toEqual(paths);
  });
});

describe('a redemption', () => {
  it.each([
    ['disabled', { ...link, disabled: true }, rcs, now],
    ['expired', link, rcs, new Date(link.expiresAt)],
    ['used_up', { ...link, redemptionCount: 2 }, rcs, now],
    ['channel_inactive', link, undefined, now],
    ['channel_inactive', link, { ...rcs, status: 'Disabled' as const }, now],
    ['channel_inactive', link, agent.channels[0], now],
  ])('is refused as %s', (reason, given, binding, at) => {
    const { code } = refusalOf(() => redeemLink(given, binding, at));
    expect(code).toBe(`outreach_link.${reason}`);
  });

  it('is counted, up to the maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (maxUses) => {
        let used: OutreachLink = { ...link, maxUses };
        for (let use = 1; use <= maxUses; use += 1) used = redeemLink(used, rcs, now);
        expect(used.redemptionCount).toBe(maxUses);
        expect(usesRemaining(used)).toBe(0);
        expect(refusalOf(() => redeemLink(used, rcs, now)).code).toBe('outreach_link.used_up');
      }),
      { numRuns: 20 },
    );
  });
});
