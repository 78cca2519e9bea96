import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

const PATH = '/metrics';

export interface MetricsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the metrics on a port of their own, without a token: the port must not be public. */
export async function serveMetrics(
  metrics: Metrics,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server: Server = createServer(async ({ method, url }, response) => {
    if (url !== PATH) response.writeHead(404).end();
    else if (method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else {
      const text = await metrics.text();
      response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text);
    }
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { address, family, port: chosen } = server.address() as AddressInfo;
  const shown = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `http://${shown}:${chosen}${PATH}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
