let count = 0;

/** A message as the runtime sends it. By default, a text from one user, sent a minute ago. */
export function messageOf(agentId: string, fields: object = {}) {
  count += 1;
  return {
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    agentId,
    userId: 'ann',
    sessionId: 's1',
    origin: 'user',
    type: 'content',
    subtype: 'text',
    channel: 'webchat',
    text: `text ${count}`,
    messageId: `m${count}`,
    raw: { n: count },
    ...fields,
  };
}

/** A log entry as the runtime sends it. */
export function logOf(agentId: string, fields: object = {}) {
  count += 1;
  return {
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    agentId,
    level: 'info',
    event: 'llm.call',
    logId: `l${count}`,
    raw: { n: count },
    ...fields,
  };
}

/** The time `minutes` after 2026-01-01T00:00:00.000Z. */
export function minute(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
}
