import type { Command } from 'commander';
import { printTable } from '../../terminal/table.ts';
import { EXIT } from '../failure.ts';
import { type CommonOptions, printJson, remoteCommand, running } from '../run.ts';
import { connected } from '../session.ts';

export function addOpen(program: Command): void {
  program.addCommand(
    remoteCommand('open', 'Print the links of the server, or those of one agent.')
      .argument('[agent]')
      .action((agent: string | undefined, options: CommonOptions) =>
        running(options, () => printLinks(agent, options)),
      ),
  );
}

async function printLinks(agent: string | undefined, options: CommonOptions) {
  const { api, org } = await connected(options);
  const { links } = (await (
    await api.send('GET', '/', { headers: { Accept: 'application/json' } })
  ).json()) as { readonly links: Readonly<Record<string, string>> };
  const pages = Object.entries(links).map(([name, path]) => [name, `${api.url}${path}`] as const);
  const own = agent === undefined ? [] : agentLinks(api.url, org, agent);
  const all = [...own, ...pages];
  if (options.json) printJson({ links: Object.fromEntries(all) });
  else
    printTable(
      ['PAGE', 'LINK'],
      all.map((it) => [...it]),
    );
  return EXIT.done;
}

function agentLinks(url: string, org: string, agent: string): (readonly [string, string])[] {
  const path = `${url}/v1/orgs/${encodeURIComponent(org)}/agents/${encodeURIComponent(agent)}`;
  return [
    ['agent', path],
    ['export', `${path}/export`],
    ['history', `${path}/history`],
  ];
}
