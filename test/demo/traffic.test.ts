import { expect, it } from 'vitest';
import { demoTraffic } from '../../src/demo/traffic.ts';

const options = {
  agentId: 'acme-demo',
  messages: 3_000,
  users: 50,
  days: 7,
  until: Date.parse('2026-11-25T12:00:00Z'),
  seed: 7,
};
const entries = [...demoTraffic(options)] as { timestamp: string; messageId?: string }[];

/** Conversations that begin in an hour of Los Angeles, which is 8 hours behind UTC in November. */
const begun = (matches: (hour: number, day: number) => boolean) =>
  entries.filter((it) => {
    if (!('event' in it) || it.event !== 'session.started') return false;
    const local = new Date(Date.parse(it.timestamp) - 8 * 3_600_000);
    return matches(local.getUTCHours(), local.getUTCDay());
  }).length;

it('is the same for the same options, and another for another seed', () => {
  expect([...demoTraffic(options)]).toEqual(entries);
  const [first] = demoTraffic({ ...options, seed: 8 });
  expect(first).not.toEqual(entries[0]);
});

it('is in the past, within the days', () => {
  const times = entries.map(({ timestamp }) => Date.parse(timestamp));
  const start = options.until - options.days * 24 * 3_600_000;
  expect(times.filter((it) => it < start || it > options.until)).toEqual([]);
});

it('has more conversations by day than at night, and fewer on weekends', () => {
  const isWeekend = (day: number) => day === 0 || day === 6;
  const day = begun((hour, it) => hour >= 9 && hour < 17 && !isWeekend(it)) / (8 * 5);
  const night = begun((hour, it) => hour < 6 && !isWeekend(it)) / (6 * 5);
  const weekend = begun((hour, it) => hour >= 9 && hour < 17 && isWeekend(it)) / (8 * 2);
  expect(night).toBeLessThan(day / 5);
  expect(weekend).toBeLessThan(day / 2);
  expect(weekend).toBeGreaterThan(0);
});

it('names the version that is in force', () => {
  const from = options.until - 2 * 24 * 3_600_000;
  const versions = [
    { version: 3, from: 0 },
    { version: 4, from },
  ];
  const answers = [...demoTraffic({ ...options, versions })] as {
    timestamp: string;
    agentVersion?: number;
  }[];
  // A conversation that begins just before stays with its version.
  const settled = answers.filter((it) => Math.abs(Date.parse(it.timestamp) - from) > 3_600_000);
  for (const { timestamp, agentVersion } of settled) {
    if (agentVersion === undefined) continue;
    expect(agentVersion).toBe(Date.parse(timestamp) < from ? 3 : 4);
  }
});
