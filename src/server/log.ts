import { randomUUID } from 'node:crypto';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { StoreUnavailable } from '../store/port.ts';
import { BufferedOutput } from './log-output.ts';
import type { LogFormat, ServerLogLevel } from './settings.ts';

export type { Logger };

/** The logs of a server: lines on one output. */
export interface Logs {
  /** What the server does. It redacts fields that could hold a token. */
  readonly log: Logger;
  /** Writes a line of JSON as it is. Nothing is redacted. */
  writeLine(line: string): void;
}

/** For people at a terminal: each line at once. */
async function prettyOutput(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 1, sync: true });
}

/** One for the process, which has one stdout. */
let output: DestinationStream | undefined;

/** @returns logs on stdout */
export async function openLogs(level: ServerLogLevel, format: LogFormat): Promise<Logs> {
  if (level === 'silent') return logsOn({ write: () => undefined }, level);
  output ??= format === 'pretty' ? await prettyOutput() : new BufferedOutput();
  return logsOn(output, level);
}

/** @param output warnings and errors are flushed at once, if it can be flushed */
export function logsOn(output: DestinationStream, level: ServerLogLevel): Logs {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const log = pino(
    {
      ...options,
      redact: ['authorization', '*.authorization', 'key', '*.key'],
      hooks: {
        logMethod(args, method, number) {
          method.apply(this, args);
          if (number >= WARN) this.flush();
        },
      },
    },
    output,
  );
  return { log, writeLine: (line) => void output.write(line) };
}

const WARN = pino.levels.values.warn ?? 40;

/** Resolves once everything that was logged is written. */
export function written(log: Logger): Promise<void> {
  return new Promise((resolve, reject) => {
    log.flush((error) => (error ? reject(error) : resolve()));
  });
}

/** Logs what failed here, under the id of the request or, without one, an id of its own. */
export function noteFailure(log: Logger): (error: unknown, requestId?: string) => string {
  return (error, requestId = randomUUID()) => {
    if (error instanceof StoreUnavailable) {
      log.warn({ requestId, err: error }, 'the store does not answer');
    } else log.error({ requestId, err: error }, 'bug');
    return requestId;
  };
}
