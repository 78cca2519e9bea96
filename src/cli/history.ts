import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { HISTORY_SECTIONS, type HistorySection } from '../domain/history.ts';
import type { Actor } from '../domain/origin.ts';
import type { AgentVersion } from '../history/service.ts';
import { PAGE_LIMITS } from '../paging/pager.ts';
import type { Services } from '../services.ts';
import {
  COLOURED,
  changeText,
  hasColours,
  type Marks,
  PLAIN,
  printable,
} from '../terminal/change-text.ts';
import { printTable } from '../terminal/table.ts';
import type { Work } from '../work.ts';
import { withServices } from './run.ts';
import { versionNumber } from './version-number.ts';

const ABOUT_RESTORE = `Bring back an agent that was removed, with its history.

It gets its last version's content under the next number. Its secrets and grants no longer exist:
set them again. Channels with credentials of their own, people and traffic do not come back.`;

export function addHistory(program: Command): void {
  const history = program
    .command('history')
    .description("List, show and compare an agent's versions.");
  addList(history);
  addShow(history);
  addDiff(history);
  program
    .command('restore')
    .summary('Bring back an agent that was removed, with its history.')
    .description(ABOUT_RESTORE)
    .argument('<org>')
    .argument('<agent>')
    .action((org: string, id: string) =>
      withServices(async (services, work) => {
        await services.orgs.get(work, org);
        const agent = await services.history.revive(work, { org, id });
        process.stdout.write(`${agent.id}  version ${agent.version}\n`);
      }),
    );
}

interface ListOptions {
  readonly section?: HistorySection;
  readonly actor?: string;
  readonly limit: number;
  readonly json?: true;
}

function addList(history: Command): void {
  history
    .command('list', { isDefault: true })
    .description("List an agent's versions, newest first.")
    .argument('<org>')
    .argument('<agent>')
    .addOption(
      new Option('--section <section>', 'only versions that changed it').choices(HISTORY_SECTIONS),
    )
    .option('--actor <id>', 'only versions by this actor')
    .addOption(new Option('--limit <number>', 'how many versions').default(50).argParser(limitOf))
    .option('--json', 'print JSON')
    .action((org: string, id: string, { section, actor, limit, json }: ListOptions) =>
      withServices(async ({ agents, history }, work) => {
        const agent = await agents.get(work, { org, id });
        const page = await history.list(work, agent, { section, actor, first: limit });
        if (json) return printJson(page.docs.map(shown));
        printTable(
          ['VERSION', 'AT', 'ACTOR', 'DOOR', 'SECTIONS', 'MESSAGE'],
          page.docs.map((it) => [
            String(it.version),
            it.at,
            printable(nameOf(it.actor)),
            it.door,
            it.sections.join(','),
            oneLine(it),
          ]),
        );
      }),
    );
}

interface ShowOptions {
  readonly definition?: true;
  readonly json?: true;
}

function addShow(history: Command): void {
  history
    .command('show')
    .description('Show who made a version, and what it changed.')
    .argument('<org>')
    .argument('<agent>')
    .addArgument(versionArgument('<version>'))
    .option('--definition', 'print the agent at that version as YAML instead')
    .option('--json', 'print JSON')
    .action((org: string, id: string, number: number, { definition, json }: ShowOptions) =>
      withServices(async (services, work) => {
        const version = await versionOf(services, work, org, id, number);
        if (definition) {
          const content = await services.history.content(work, version.agent, number);
          const format = json ? 'json' : 'yaml';
          const text = await services.definitions.export(work, content, format);
          process.stdout.write(json ? `${text}\n` : text);
          return;
        }
        const changes = await services.history.changes(work, version, undefined);
        if (json) return printJson({ ...shown(version), changes });
        const marks = marksOf(process.stdout);
        process.stdout.write(headerOf(version, marks));
        for (const change of changes) process.stdout.write(`\n${changeText(change, marks)}\n`);
      }),
    );
}

function addDiff(history: Command): void {
  history
    .command('diff')
    .description('Compare two versions of an agent, word by word.')
    .argument('<org>')
    .argument('<agent>')
    .addArgument(versionArgument('<before>'))
    .addArgument(versionArgument('<after>'))
    .option('--json', 'print JSON')
    .action((org: string, id: string, from: number, to: number, { json }: { json?: true }) =>
      withServices(async ({ agents, history: service }, work) => {
        const agent = await agents.get(work, { org, id });
        const changes = await service.between(work, agent, from, to);
        if (json) return printJson(changes);
        const marks = marksOf(process.stdout);
        const texts = changes.map((change) => `${changeText(change, marks)}\n`);
        process.stdout.write(texts.join('\n'));
      }),
    );
}

function versionArgument(name: string): Argument {
  return new Argument(name).argParser(versionNumber);
}

function limitOf(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= PAGE_LIMITS.max) return limit;
  throw new InvalidArgumentError(`It must be from 1 to ${PAGE_LIMITS.max}.`);
}

async function versionOf(
  { agents, history }: Services,
  work: Work,
  org: string,
  id: string,
  number: number,
): Promise<AgentVersion> {
  return history.get(work, await agents.get(work, { org, id }), number);
}

/** A version as REST shows it. */
function shown({ key: _, agent, ...version }: AgentVersion) {
  return { ...version, current: version.version === agent.version };
}

function headerOf(version: AgentVersion, marks: Marks): string {
  const { agent, at, actor, door, requestId, message, restoredFrom } = version;
  const current = version.version === agent.version ? ', the current one' : '';
  const lines = [
    marks.heading(`version ${version.version} of ${agent.id}${current}`),
    `made ${at} by ${actor.kind} ${printable(nameOf(actor))}, through ${door}`,
    requestId === undefined ? '' : `request ${printable(requestId)}`,
    restoredFrom === undefined ? '' : `restored from version ${restoredFrom}`,
    message === undefined ? '' : `message: ${oneLine(version)}`,
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function nameOf({ id, name }: Actor): string {
  return name === undefined ? id : `${name} (${id})`;
}

function marksOf(out: NodeJS.WriteStream): Marks {
  return hasColours(out) ? COLOURED : PLAIN;
}

function oneLine({ message = '' }: AgentVersion): string {
  return printable(message.replace(/\s+/g, ' '));
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
