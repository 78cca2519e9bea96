import type { Command } from 'commander';
import { readSettings } from '../server/settings.ts';
import { tellingRefusals } from './run.ts';

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('Start the gateway.')
    .action(() => tellingRefusals(serve));
}

/** Runs the gateway until SIGTERM or SIGINT; in-flight requests finish. */
async function serve(): Promise<void> {
  // From the beginning: a signal that comes while it starts stops it as soon as it has.
  const asked = new Promise<void>((resolve) => {
    // A terminal's Ctrl-C comes twice, the second time by way of npm: stopping is bounded as it is.
    process.on('SIGTERM', () => resolve());
    process.on('SIGINT', () => resolve());
  });
  // What only the gateway needs, other commands do not wait for.
  const { startServer } = await import('../server/start.ts');
  const server = await startServer(readSettings(process.env), ({ org, mintedKey }, url) => {
    process.stdout.write(welcome(url, org, mintedKey));
  });
  await asked;
  await server.stop();
  // All is written and closed. Where a commit failed for want of room, LMDB's binding can leave
  // the heap damaged, which taking it apart piece by piece would end with an abort.
  process.exit();
}

function welcome(url: string, org: string, key: string | undefined): string {
  const shown = key ?? '<the BOOTSTRAP_API_KEY you gave>';
  return `
  URL        ${url}
  GraphiQL   ${url}/graphql
  REST docs  ${url}/docs
  Org        ${org}
  Admin key  ${shown}${key ? '   (told once: keep it)' : ''}

  Try:
  curl -s ${url}/v1/orgs/${org}/agents \\
    -H "Authorization: Bearer ${shown}" \\
    -H "Content-Type: application/json" \\
    -d '{"name": "Acme SDR"}'

`;
}
