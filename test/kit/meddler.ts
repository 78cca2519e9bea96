import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request on its way. */
export type Fate = 'passed' | 'request lost' | 'answer lost' | 'refused as busy';

type FateOf = (body: string) => Fate | Promise<Fate>;

/** An HTTP proxy in front of the API; tests use it to lose chosen requests or answers. */
export interface Meddler {
  readonly url: string;
  /** Decides about every request from now on, by its body. */
  decide(fateOf: FateOf): void;
  close(): Promise<void>;
}

export async function startMeddler(target: string): Promise<Meddler> {
  let fateOf: FateOf = () => 'passed';
  const server = createServer((request, response) => {
    void forward(request, response, target, (body) => fateOf(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide(decision) {
      fateOf = decision;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  fateOf: FateOf,
): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const fate = await fateOf(body);
  if (fate === 'request lost') {
    request.socket.destroy();
    return;
  }
  if (fate === 'refused as busy') {
    response.writeHead(503).end();
    return;
  }
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const answer = await fetch(`${target}${request.url}`, {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>,
    ...(body !== '' && { body }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (fate === 'answer lost') {
    request.socket.destroy();
    return;
  }
  const type = answer.headers.get('content-type') ?? 'text/plain';
  response.writeHead(answer.status, { 'content-type': type }).end(bytes);
}
