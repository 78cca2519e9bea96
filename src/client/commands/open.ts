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
  const pages = Object.entries(links).map(([name, path]) => [name, `${api.url}${path}`]);
  const all = { ...Object.fromEntries(pages), ...linksOf(api.url, org, agent) };
  if (options.json) printJson({ links: all });
  else printTable(['PAGE', 'LINK'], Object.entries(all));
  return EXIT.done;
}

function linksOf(url: string, org: string, agent: string | undefined): Record<string, string> {
  const ofOrg = `orgs/${encodeURIComponent(org)}`;
  if (agent === undefined) return { console: `${url}/console/${ofOrg}` };
  const path = `${ofOrg}/agents/${encodeURIComponent(agent)}`;
  return {
    console: `${url}/console/${path}`,
    agent: `${url}/v1/${path}`,
    export: `${url}/v1/${path}/export`,
    history: `${url}/v1/${path}/history`,
  };
}
