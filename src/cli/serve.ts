import type { Command } from 'commander';
import type { FirstStart } from '../server/bootstrap.ts';
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
  let isFirstStart = false;
  const server = await startServer(readSettings(process.env), (made, url) => {
    isFirstStart = true;
    process.stdout.write(linksTo(url) + firstSteps(made, url));
  });
  if (!isFirstStart) process.stdout.write(linksTo(server.url) + ANOTHER_KEY);
  await stopRequested;
  await server.stop();
  // Everything is written and closed. After a commit that failed on a full disk, LMDB's binding can
  // leave the heap damaged, and an ordinary exit would abort.
  process.exit();
}

function linksTo(url: string): string {
  return `
  URL        ${url}/
  GraphiQL   ${url}/graphql
  REST docs  ${url}/docs
`;
}

const ANOTHER_KEY = `  API key    agent-api keys mint ORG   (mints another one)

`;

function firstSteps({ org, mintedKey }: FirstStart, url: string): string {
  const key = mintedKey ?? '<the BOOTSTRAP_API_KEY you gave>';
  return `  Org        ${org}
  Admin key  ${key}${mintedKey ? '   (shown only this time)' : ''}

  Try:
  curl -s ${url}/v1/orgs/${org}/agents \\
    -H "Authorization: Bearer ${key}" \\
    -H "Content-Type: application/json" \\
    -d '{"name": "Acme SDR"}'

`;
}
