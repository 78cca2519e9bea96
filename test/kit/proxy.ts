import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a store; tests use it to make the network fail. */
export interface StoreProxy {
  readonly port: number;
  /** Closes every connection; with `down`, also closes new ones until `up`. */
  cut(down?: 'down'): void;
  /** Holds all data back, and keeps the connections open. */
  hold(): void;
  /** Passes data again, held data first. */
  up(): void;
  /** Delays each piece of data from now on. */
  delay(ms: number): void;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<StoreProxy> {
  const sockets = new Set<Socket>();
  let down = false;
  let delayMs = 0;
  let holding = false;
  let waiting: (() => void)[] = [];

  function pass(from: Socket, to: Socket): void {
    from.on('data', (data) => {
      const send = () => void (to.destroyed || to.write(data));
      if (holding) waiting.push(send);
      else if (delayMs > 0) setTimeout(send, delayMs);
      else send();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    sockets.add(from);
  }

  const server = createServer((client) => {
    if (down) {
      client.destroy();
      return;
    }
    const store = connect(target, '127.0.0.1');
    pass(client, store);
    pass(store, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (mode?: 'down') => {
    down = mode === 'down';
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    hold() {
      holding = true;
    },
    up() {
      down = false;
      holding = false;
      for (const send of waiting) send();
      waiting = [];
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      cut('down');
      server.close();
      await once(server, 'close');
    },
  };
}
