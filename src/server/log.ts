import { randomUUID } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { StoreUnavailable } from '../store/port.ts';
import type { ServerLogLevel } from './settings.ts';

export type { Logger };

/** Structured JSON logs on stdout. Whatever could hold a token is never written. */
export function createLogger(level: ServerLogLevel): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['authorization', '*.authorization', 'key', '*.key'],
  });
}

/** Logs what failed here, under a reference that the caller sees. */
export function noteFailure(log: Logger): (error: unknown) => string {
  return (error) => {
    const bug = randomUUID();
    if (error instanceof StoreUnavailable) log.warn({ err: error }, 'the store does not answer');
    else log.error({ err: error, bug }, 'bug');
    return bug;
  };
}
