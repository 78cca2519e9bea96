import { type Logs, logsOn } from '../../src/server/log.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** Logs that keep their lines. */
export function keptLogs(): { readonly logs: Logs; readonly lines: LogLine[]; text(): string } {
  const lines: LogLine[] = [];
  const logs = logsOn({ write: (line) => void lines.push(JSON.parse(line)) }, 'debug');
  return { logs, lines, text: () => JSON.stringify(lines) };
}
