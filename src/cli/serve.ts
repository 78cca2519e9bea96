import type { Command } from 'commander';
import { readSettings } from '../server/settings.ts';
import { reportingErrors } from './run.ts';

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('Start the gateway.')
    .action(() => reportingErrors(serve));
}

/** Runs the gateway until SIGTERM or SIGINT; in-flight requests finish. */
async function serve(): Promise<void> {
  // Registered before the start: a signal during the start stops the server once it is ready.
  const stopRequested = new Promise<void>((resolve) => {
    // Ctrl-C in a terminal arrives twice, the second time from npm. Ignoring it is safe: the stop has
    // a time limit of its own.
    process.on('SIGTERM', () => resolve());
    process.on('SIGINT', () => resolve());
  });
  // Loaded here, so that other commands start without it.
  const { startServer } = await import('../server/start.ts');
  const server = await startServer(readSettings(process.env), ({ org, mintedKey }, url) => {
    process.stdout.write(welcome(url, org, mintedKey));
  });
  await stopRequested;
  await server.stop();
  // Everything is written and closed. After a commit that failed on a full disk, LMDB's binding can
  // leave the heap damaged, and an ordinary exit would abort.
  process.exit();
}

function welcome(url: string, org: string, key: string | undefined): string {
  const shown = key ?? '<the BOOTSTRAP_API_KEY you gave>';
  return `
  URL        ${url}
  GraphiQL   ${url}/graphql
  REST docs  ${url}/docs
  Org        ${org}
  Admin key  ${shown}${key ? '   (shown only this time)' : ''}

  Try:
  curl -s ${url}/v1/orgs/${org}/agents \\
    -H "Authorization: Bearer ${shown}" \\
    -H "Content-Type: application/json" \\
    -d '{"name": "Acme SDR"}'

`;
}
