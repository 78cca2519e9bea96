let made = 0;

/** A message as the runtime sends it; a text of one user, a minute ago, where nothing else is said. */
export function messageOf(agentId: string, fields: object = {}) {
  made += 1;
  return {
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    agentId,
    userId: 'ann',
    sessionId: 's1',
    origin: 'user',
    type: 'content',
    subtype: 'text',
    channel: 'webchat',
    text: `text ${made}`,
    messageId: `m${made}`,
    raw: { n: made },
    ...fields,
  };
}

/** A log entry as the runtime sends it. */
export function logOf(agentId: string, fields: object = {}) {
  made += 1;
  return {
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    agentId,
    level: 'info',
    event: 'llm.call',
    logId: `l${made}`,
    raw: { n: made },
    ...fields,
  };
}

/** `2026-01-01T00:00:00.000Z` and `minutes` later. */
export function minute(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
}
