import { type Command, InvalidArgumentError, Option } from 'commander';
import { printable } from '../../terminal/change-text.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { entriesOf, type Followed, followed, type Kind } from '../follow.ts';
import { type CommonOptions, remoteCommand, running } from '../run.ts';
import { connected } from '../session.ts';

interface TrafficOptions extends CommonOptions {
  readonly follow?: true;
  readonly limit: number;
  readonly user?: string;
  readonly session?: string;
}

interface MessageOptions extends TrafficOptions {
  readonly includeTest?: true;
}

interface LogOptions extends TrafficOptions {
  readonly level?: string;
}

interface Entry {
  readonly timestamp: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
}

interface Message extends Entry {
  readonly origin: string;
  readonly type: string;
  readonly channel: string;
  readonly text: string | null;
  readonly error: string | null;
}

interface LogEntry extends Entry {
  readonly level: string;
  readonly event: string;
  readonly data: unknown;
  readonly error: { readonly message: string } | null;
}

const MESSAGES: Kind = { list: 'messages', stream: 'messageArrived' };
const LOGS: Kind = { list: 'logs', stream: 'logArrived' };

const LEVELS = ['debug', 'info', 'warn', 'error'];
const MAX_ENTRIES = 200;

export function addTraffic(program: Command): void {
  program.addCommand(
    trafficCommand('messages', 'Print the last messages of an agent, and follow new ones.')
      .option('--include-test', 'test traffic too')
      .action((agent: string, options: MessageOptions) => {
        const { user, session, includeTest } = options;
        return running(options, async () => {
          const { api, org } = await connected(options);
          const filters = { userId: user, sessionId: session, includeTest };
          const source = entriesOf<Message>(api, MESSAGES, { org, agent }, filters, isOf(options));
          return print(source, options, messageLine);
        });
      }),
  );
  program.addCommand(
    trafficCommand('logs', "Print the last log entries of an agent's runtime, and follow new ones.")
      .addOption(new Option('--level <level>', 'only entries of this level').choices(LEVELS))
      .action((agent: string, options: LogOptions) => {
        const { user, session, level } = options;
        return running(options, async () => {
          const { api, org } = await connected(options);
          const filters = { userId: user, sessionId: session, level: level?.toUpperCase() };
          const source = entriesOf<LogEntry>(api, LOGS, { org, agent }, filters, isOf(options));
          return print(source, options, logLine);
        });
      }),
  );
}

function trafficCommand(name: string, description: string): Command {
  return remoteCommand(name, `${description}\n\nWith --json, prints one JSON object per line.`)
    .summary(description)
    .argument('<agent>')
    .option('-f, --follow', 'print new entries as they arrive, until you interrupt it')
    .addOption(
      new Option('--limit <number>', 'how many of the last 24 hours come first')
        .default(20)
        .argParser(limitOf),
    )
    .option('--user <id>', 'only entries of this user')
    .option('--session <id>', 'only entries of this session');
}

function limitOf(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : MAX_ENTRIES + 1;
  if (limit <= MAX_ENTRIES) return limit;
  throw new InvalidArgumentError(`It must be from 0 to ${MAX_ENTRIES}.`);
}

/** The filters that a stream does not have. */
function isOf({ user, session }: TrafficOptions): (entry: Entry) => boolean {
  return ({ userId, sessionId }) =>
    (user === undefined || userId === user) && (session === undefined || sessionId === session);
}

async function print<T extends Entry>(
  source: Followed<T>,
  { follow, limit, json }: TrafficOptions,
  lineOf: (entry: T) => string,
): Promise<ExitCode> {
  const show = (entry: T) =>
    process.stdout.write(`${json ? JSON.stringify(entry) : lineOf(entry)}\n`);
  if (!follow) {
    const entries = limit === 0 ? [] : await source.list(limit);
    for (const entry of entries.toReversed()) show(entry);
    return EXIT.done;
  }
  const entries = followed(source, limit, ({ message }) => {
    process.stderr.write(`${message}; connecting again\n`);
  });
  for await (const entry of entries) show(entry);
  return EXIT.done;
}

function messageLine(message: Message): string {
  const { timestamp, userId, sessionId, channel, origin, type, text, error } = message;
  const who = origin === 'USER' ? `${userId} →` : `${userId} ←`;
  const said = error !== null ? `failed: ${error}` : (text ?? `(${type.toLowerCase()})`);
  return columns(timestamp, channel, sessionId ?? '', who, said);
}

function logLine({ timestamp, level, event, userId, error, data }: LogEntry): string {
  const rest = error?.message ?? (data === null ? '' : JSON.stringify(data));
  return columns(timestamp, level.toLowerCase().padEnd(5), event, userId ?? '-', rest);
}

function columns(...parts: readonly string[]): string {
  return printable(parts.join('  ').replace(/\s*\n\s*/g, ' ')).trimEnd();
}
