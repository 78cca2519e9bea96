import { randomUUID } from 'node:crypto';
import { ROLES, type Role, type Scope, scopesOfRole } from '../../src/auth/rights.ts';
import { readSettings } from '../../src/server/settings.ts';
import { type RunningServer, startServer } from '../../src/server/start.ts';
import { Client } from './client.ts';

export const ORG = 'acme';

export interface TestServer extends RunningServer {
  /** Holds every role and scope. */
  readonly owner: Client;
  /** Without a token. */
  readonly anonymous: Client;
  /** A client of a new key in the org. */
  as(role: Role, scopes?: readonly Scope[]): Promise<Client>;
}

/** The store that the tests run on: MongoDB where `MONGODB_URL` names one, else embedded. */
export function testStore(): Record<string, string> {
  const mongo = process.env.MONGODB_URL;
  if (!mongo) return { STORE_URL: 'lmdb::memory:' };
  const url = new URL(mongo);
  url.pathname = `/test-${randomUUID().slice(0, 13)}`;
  return { STORE_URL: url.href, SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') };
}

/** Starts the real server on a free port, on a store of its own. */
export async function startTestServer(
  environment: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const server = await startServer(
    readSettings({
      ...testStore(),
      PORT: '0',
      BOOTSTRAP_ORG: ORG,
      LOG_LEVEL: 'silent',
      ...environment,
    }),
  );
  const as = async (role: Role, scopes: readonly Scope[] = scopesOfRole(role)) => {
    const { secret } = await server.services.apiKeys.mint(ORG, { name: role, role, scopes });
    return new Client(server.url, secret);
  };
  const owner = await as(ROLES.at(-1) ?? 'owner');
  return { ...server, as, owner, anonymous: new Client(server.url) };
}
