import { throwOnUnreadParts } from '../../schema/unread.ts';
import { ROLES, type Role, type Scope, scopesOfRole } from '../../src/auth/rights.ts';
import type { Logs } from '../../src/server/log.ts';
import { readSettings } from '../../src/server/settings.ts';
import { type RunningServer, startServer } from '../../src/server/start.ts';
import { Client } from './client.ts';
import { UNREACHED_LIMITS } from './limits.ts';
import { dropDatabase, testStore } from './store.ts';
import { WORK } from './work.ts';

throwOnUnreadParts();

export { testStore };
export const ORG = 'acme';

export interface TestServer extends RunningServer {
  /** Uses a key with the owner role and every scope. */
  readonly owner: Client;
  /** Sends no token. */
  readonly anonymous: Client;
  /** Creates a key in the org. @returns a client that uses it */
  as(role: Role, scopes?: readonly Scope[]): Promise<Client>;
}

/** Starts the real server on a free port, with its own store. */
export async function startTestServer(
  environment: Readonly<Record<string, string>> = {},
  openAll?: Parameters<typeof startServer>[2],
  logs?: Logs,
): Promise<TestServer> {
  const own = environment.STORE_URL ? undefined : testStore();
  const server = await startServer(
    readSettings({
      ...own,
      PORT: '0',
      BOOTSTRAP_ORG: ORG,
      LOG_LEVEL: 'silent',
      STOP_DELAY_MS: '20',
      DEMO_DATA: '0',
      // The tests themselves keep this process busy.
      MAX_LOOP_DELAY_MS: '60000',
      ...UNREACHED_LIMITS,
      ...environment,
    }),
    undefined,
    openAll,
    logs,
  );
  const as = async (role: Role, scopes: readonly Scope[] = scopesOfRole(role)) => {
    const { secret } = await server.services.apiKeys.mint(WORK, ORG, { name: role, role, scopes });
    return new Client(server.url, secret);
  };
  const owner = await as(ROLES.at(-1) ?? 'owner');
  const stop = async () => {
    await server.stop();
    if (own?.STORE_URL.startsWith('mongodb')) await dropDatabase(own.STORE_URL);
  };
  return { ...server, stop, as, owner, anonymous: new Client(server.url) };
}
