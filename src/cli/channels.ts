import { Argument, type Command, Option } from 'commander';
import type { Agent } from '../domain/agents.ts';
import {
  type AgentChannel,
  CHANNEL_STATUSES,
  type ChannelBindingStatus,
  channelsOf,
} from '../domain/channels.ts';
import type { Services } from '../services.ts';
import { printTable } from '../terminal/table.ts';
import type { Work } from '../work.ts';
import { withServices } from './run.ts';

const ABOUT_MOVE = `Move a channel binding to another status, as an operator of this service.

  Requested -> Provisioning -> Active
               Provisioning <-> ActionRequired
  any of these -> Failed
  Active <-> Disabled

ActionRequired and Failed require --detail. The agent's editors see it.`;

const AGENTS_AT_ONCE = 200;

export function addChannels(program: Command): void {
  const channels = program
    .command('channels')
    .description('List channel bindings and move them to another status.');
  const status = new Option('--status <status>', 'only bindings with this status');
  channels
    .command('list')
    .description("List the channel bindings of an org's agents.")
    .argument('<org>')
    .option('--agent <agent>', 'only bindings of this agent')
    .addOption(status.choices(CHANNEL_STATUSES))
    .action((org: string, options: ListOptions) =>
      withServices((services, work) => list(services, work, org, options)),
    );
  channels
    .command('move')
    .summary('Move a channel binding to another status.')
    .description(ABOUT_MOVE)
    .argument('<org>')
    .argument('<agent>')
    .argument('<binding>')
    .addArgument(new Argument('<status>').choices(CHANNEL_STATUSES))
    .option('--note <text>', "a note for the binding's history")
    .option('--detail <text>', "the reason, shown to the agent's editors")
    .option('--routing-id <id>', "the channel's id at its provider")
    .action(
      (
        org: string,
        agent: string,
        binding: string,
        to: ChannelBindingStatus,
        options: MoveOptions,
      ) =>
        withServices(async ({ channels: service }, work) => {
          const move = { ...options, to, actor: 'sysop' } as const;
          const { item } = await service.move(work, { org, id: agent }, binding, move);
          print([item]);
        }),
    );
}

interface ListOptions {
  readonly agent?: string;
  readonly status?: ChannelBindingStatus;
}

interface MoveOptions {
  readonly note?: string;
  readonly detail?: string;
  readonly routingId?: string;
}

async function list(
  services: Services,
  work: Work,
  org: string,
  options: ListOptions,
): Promise<void> {
  const found: AgentChannel[] = [];
  for await (const agent of agentsOf(services, work, org, options.agent)) {
    found.push(...channelsOf(agent));
  }
  print(found.filter(({ status }) => !options.status || status === options.status));
}

/** @throws DomainError `org.not_found`, `agent.not_found` */
async function* agentsOf(
  { orgs, agents }: Services,
  work: Work,
  org: string,
  id: string | undefined,
): AsyncGenerator<Agent> {
  await orgs.get(work, org);
  if (id !== undefined) {
    yield await agents.get(work, { org, id });
    return;
  }
  let after: string | undefined;
  do {
    const page = await agents.list(work, org, { first: AGENTS_AT_ONCE, after }, ['channels']);
    yield* page.docs;
    after = page.more ? page.endToken() : undefined;
  } while (after);
}

function print(bindings: readonly AgentChannel[]): void {
  printTable(
    ['AGENT', 'BINDING', 'CHANNEL', 'MODE', 'STATUS', 'SINCE', 'DETAIL'],
    bindings.map((it) => [
      it.agentId,
      it.id,
      it.channel,
      it.mode,
      it.status,
      it.events.at(-1)?.at ?? '',
      it.statusDetail ?? '',
    ]),
  );
}
