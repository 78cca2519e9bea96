import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy before a store, by which a test makes the network fail. */
export interface StoreProxy {
  readonly port: number;
  /** Breaks every connection; with `down`, new ones are broken too until `up`. */
  cut(down?: 'down'): void;
  /** Lets nothing through any more, and breaks nothing. */
  hold(): void;
  /** Everything gets through again; what was held comes first. */
  up(): void;
  /** How long each piece of data takes from now on. */
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
      const on = () => void (to.destroyed || to.write(data));
      if (holding) waiting.push(on);
      else if (delayMs > 0) setTimeout(on, delayMs);
      else on();
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
      for (const on of waiting) on();
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
