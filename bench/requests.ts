import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mintApiKey } from '../src/api-keys/token.ts';
import { systemEffects } from '../src/server/effects.ts';
import { readSettings } from '../src/server/settings.ts';
import { startServer } from '../src/server/start.ts';

/**
 * CPU time a request, for one agent of 8 KB over 32 connections: a bare
 * `node:http` that serialises the document, the same agent by REST, and by
 * GraphQL. Told as ratios to the bare server in the same run; the load comes
 * from another process, so that only the server's own time counts.
 */
const CONNECTIONS = 32;
const REQUESTS = Number(process.env.REQUESTS ?? 8_000);

if (process.argv[2] === 'load') {
  const [, , , url = '', token = '', body = ''] = process.argv;
  await load(url, token, body);
} else {
  await measure();
}

async function load(url: string, token: string, body: string): Promise<void> {
  const agent = new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = REQUESTS;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const request = httpRequest(
        url,
        {
          agent,
          method: body ? 'POST' : 'GET',
          headers: {
            authorization: `Bearer ${token}`,
            ...(body && { 'content-type': 'application/json' }),
          },
        },
        (response) => {
          if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
          response.resume().once('end', resolve);
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  const queue = async () => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, queue));
  agent.destroy();
}

/** The server's CPU time a request, in microseconds. */
async function cpuOf(url: string, token: string, body = ''): Promise<number> {
  const run = () =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, [process.argv[1] ?? '', 'load', url, token, body], {
        stdio: 'inherit',
      });
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`load: ${code}`))));
    });
  await run();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

async function measure(): Promise<void> {
  const token = mintApiKey(systemEffects().random);
  const server = await startServer(
    readSettings({
      STORE_URL: 'lmdb::memory:',
      PORT: '0',
      LOG_LEVEL: 'silent',
      DEMO_DATA: '0',
      BOOTSTRAP_API_KEY: token,
    }),
  );
  const preamble = 'You are the sales agent of Acme. '.repeat(240);
  const created = await fetch(`${server.url}/v1/orgs/acme/agents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'bench', name: 'Bench', identity: { identityPreamble: preamble } }),
  });
  const document = await created.json();
  const bare = createServer((_, response) => {
    const text = JSON.stringify(document);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const { port } = bare.address() as AddressInfo;
  const query =
    '{ org(id: "acme") { agent(id: "bench") { id name identity { identityPreamble } version } } }';

  const floor = await cpuOf(`http://127.0.0.1:${port}/`, token);
  const rest = await cpuOf(`${server.url}/v1/orgs/acme/agents/bench`, token);
  const graphql = await cpuOf(`${server.url}/graphql`, token, JSON.stringify({ query }));
  const row = (name: string, cpu: number) =>
    `${name.padEnd(12)} ${cpu.toFixed(0).padStart(5)} µs  ${(cpu / floor).toFixed(1).padStart(5)} ×\n`;
  process.stdout.write(row('node:http', floor) + row('REST', rest) + row('GraphQL', graphql));
  bare.close();
  bare.closeAllConnections();
  await server.stop();
}
