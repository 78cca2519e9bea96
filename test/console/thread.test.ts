import { expect, it } from 'vitest';
import {
  merged,
  type ThreadMessage,
  threadItems,
} from '../../console/src/screens/conversations/thread.ts';

let count = 0;
const message = (fields: Partial<ThreadMessage>): ThreadMessage => {
  count += 1;
  return {
    messageId: `m${count}`,
    timestamp: new Date(2026, 10, 25, 12, 0, count).toISOString(),
    origin: 'AGENT',
    type: 'CONTENT',
    subtype: 'text',
    text: 'text',
    error: null,
    agentVersion: null,
    channelMessageId: null,
    ...fields,
  };
};
const status = (subtype: string, channelMessageId: string) =>
  message({ type: 'STATUS', subtype, channelMessageId, text: null });

it('shows the furthest status at its message, whatever the order', () => {
  const items = threadItems([
    message({ channelMessageId: 'a' }),
    status('read', 'a'),
    status('delivered', 'a'),
    message({ channelMessageId: 'b' }),
    status('delivered', 'b'),
    status('failed', 'b'),
  ]);
  expect(items.map((it) => (it.kind === 'message' ? it.status : it.kind))).toEqual([
    'day',
    'read',
    'failed',
  ]);
});

it('shows a status by itself if its message is not among them', () => {
  const items = threadItems([status('read', 'elsewhere')]);
  expect(items.map(({ kind }) => kind)).toEqual(['day', 'status']);
});

it('begins each day of the local zone, and names a version where it changes', () => {
  const items = threadItems([
    message({ timestamp: new Date(2026, 10, 24, 23, 59).toISOString(), agentVersion: 3 }),
    message({ timestamp: new Date(2026, 10, 25, 0, 1).toISOString(), agentVersion: 3 }),
    message({ origin: 'USER' }),
    message({ agentVersion: 4 }),
  ]);
  expect(items.map((it) => (it.kind === 'message' ? it.version : it.kind))).toEqual([
    'day',
    3,
    'day',
    undefined,
    undefined,
    4,
  ]);
});

it('merges what arrived by time, each message once', () => {
  const [a, b, c] = [message({}), message({}), message({})];
  expect(merged([a, c], [c, b])).toEqual([a, b, c]);
  const pages = [a, b];
  expect(merged(pages, [a])).toBe(pages);
});
