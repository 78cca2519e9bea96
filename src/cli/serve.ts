import { readSettings, SettingsError } from '../server/settings.ts';
import { type RunningServer, startServer } from '../server/start.ts';
import { StoreUnavailable } from '../store/port.ts';

/** Runs the gateway until SIGTERM or SIGINT; in-flight requests finish. */
export async function serve(): Promise<void> {
  let server: RunningServer;
  try {
    server = await startServer(readSettings(process.env));
  } catch (error) {
    if (!isOperators(error)) throw error;
    process.stderr.write(`agent-api cannot start: ${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const { url, firstStart } = server;
  if (firstStart) process.stdout.write(welcome(url, firstStart.org, firstStart.mintedKey));
  const stop = () => {
    server.stop().catch((error: unknown) => {
      process.stderr.write(`agent-api did not stop cleanly: ${String(error)}\n`);
      process.exit(1);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Whether it is for the operator to mend, with no use for a stack. */
function isOperators(error: unknown): error is Error {
  return (
    error instanceof SettingsError ||
    error instanceof StoreUnavailable ||
    (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
  );
}

function welcome(url: string, org: string, key: string | undefined): string {
  const shown = key ?? '<the BOOTSTRAP_API_KEY you gave>';
  return `
  URL        ${url}
  GraphiQL   ${url}/graphql
  Org        ${org}
  Admin key  ${shown}${key ? '   (told once: keep it)' : ''}

  Try:
  curl -s ${url}/v1/orgs/${org}/agents \\
    -H "Authorization: Bearer ${shown}" \\
    -H "Content-Type: application/json" \\
    -d '{"name": "Acme SDR"}'

`;
}
