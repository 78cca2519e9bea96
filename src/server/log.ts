import { randomUUID } from 'node:crypto';
import { type Logger, pino } from 'pino';
import type { LogLevel } from './settings.ts';

export type { Logger };

/** Structured JSON logs on stdout. Whatever could hold a token is never written. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['authorization', '*.authorization', 'key', '*.key'],
  });
}

/** Notes a bug under a reference that its caller is told. */
export function noteBug(log: Logger): (error: unknown) => string {
  return (error) => {
    const bug = randomUUID();
    log.error({ err: error, bug }, 'bug');
    return bug;
  };
}
