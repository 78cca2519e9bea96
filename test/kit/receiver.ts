import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { readonly type: string; readonly data: Record<string, unknown> };
}

/** A webhook receiver on a local port. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** The status of its answers from now on; `hang` means that it never answers. */
  answer: number | 'hang';
  /** The text of its answers from now on, and their media type. */
  says: { readonly text: string; readonly type?: string };
  /** Resolves with everything received, once that is at least `count`. */
  until(count: number): Promise<readonly Received[]>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const waiting: { count: number; done: () => void }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    receiver.received.push({ headers: request.headers, text, body: JSON.parse(text) });
    for (const { count, done } of waiting) if (receiver.received.length >= count) done();
    if (receiver.answer === 'hang') return;
    const { text: said, type } = receiver.says;
    const headers = {
      Location: `${receiver.url}/elsewhere`,
      ...(type && { 'Content-Type': type }),
    };
    response.writeHead(receiver.answer, headers).end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    received: [],
    answer: 200,
    says: { text: 'noted' },
    async until(count) {
      if (receiver.received.length < count) {
        await new Promise<void>((done) => waiting.push({ count, done }));
      }
      return receiver.received;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}

/** Checks the delivery's signature and age. @returns its body @throws Error if either is wrong */
export function verified(secret: string, { text, headers }: Received): unknown {
  return new Webhook(secret).verify(text, headers as Record<string, string>);
}
