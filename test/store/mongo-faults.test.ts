import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STORE_FORMAT } from '../../src/store/format.ts';
import { openMongo } from '../../src/store/mongo.ts';
import {
  type Collection,
  collectionSpec,
  type Doc,
  type Store,
  StoreMisconfigured,
  StoreUnavailable,
} from '../../src/store/port.ts';
import type { Write } from '../../src/store/writes.ts';
import { OpenWork } from '../../src/work.ts';
import { hasSecantus, type Secantus, startSecantus } from '../kit/secantus.ts';
import { WORK } from '../kit/work.ts';

interface Item extends Doc {
  readonly n?: number;
}

/** A proxy that passes a command on, and breaks the connection when its answer comes. */
class LossyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #command = '';
  #times = 0;

  constructor(target: number) {
    this.#server = createServer((client) => {
      const store = connect(target, '127.0.0.1');
      let losing = false;
      client.on('data', (data) => {
        if (this.#times > 0 && data.includes(this.#command)) {
          this.#times -= 1;
          losing = true;
        }
        store.write(data);
      });
      store.on('data', (data) => (losing ? client.destroy() : client.write(data)));
      for (const [one, another] of [
        [client, store],
        [store, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => another.destroy());
        one.on('close', () => another.destroy());
      }
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as { port: number }).port;
  }

  /** Loses the answers of the next commands of a name. */
  lose(command: string, times: number): void {
    // As BSON has it: the name of the first field, and its end.
    this.#command = `${command}\0`;
    this.#times = times;
  }

  /** How many answers are still to be lost. */
  get left(): number {
    return this.#times;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

describe.skipIf(!hasSecantus())('a MongoDB that fails in the middle of a commit', () => {
  let server: Secantus;
  let proxy: LossyProxy;
  let store: Store;
  let admin: MongoClient;
  let items: Collection<Item>;
  let changes: Collection<Item>;
  let made = 0;

  beforeAll(async () => {
    server = await startSecantus(':memory:', undefined, ['--enable-test-commands']);
    proxy = new LossyProxy(server.port);
    const port = await proxy.listen();
    store = await openMongo(`mongodb://127.0.0.1:${port}/faults?directConnection=true`);
    admin = await MongoClient.connect(server.url);
  });
  afterAll(async () => {
    await store.close();
    await admin.close();
    await proxy.close();
    await server.kill();
  });
  beforeEach(async () => {
    made += 1;
    items = await store.collection(collectionSpec<Item>(`items${made}`));
    changes = await store.collection(collectionSpec<Item>(`changes${made}`));
    await store.commit(WORK, [items.toInsert({ key: 'a', version: 1 })]);
    await store.commit(WORK, [items.toIncrement({ key: 'count', add: { n: 1 } })]);
  });

  const replace = () => items.toReplace({ key: 'a', version: 2 }, 1);
  const insert = () => items.toInsert({ key: 'new', version: 1 });
  const count = () => items.toIncrement({ key: 'count', add: { n: 1 } });
  const create = () => items.toIncrement({ key: 'other', add: { n: 1 } });
  const record = () => changes.toInsert({ key: 'a/2', version: 1 });
  const tally = () => changes.toIncrement({ key: 'tally', add: { n: 1 } });

  describe.each([1, 2])('and loses the answer %i times', (times) => {
    it.each<[string, string, () => Write[]]>([
      ['an insert', 'insert', () => [insert()]],
      ['a replace', 'update', () => [replace()]],
      ['an increment', 'update', () => [count()]],
      ['an increment that creates', 'update', () => [create()]],
      ['a change and its record', 'commitTransaction', () => [replace(), record(), count()]],
      ['increments', 'commitTransaction', () => [count(), tally()]],
      ['a removal and its record', 'commitTransaction', () => [items.toDelete('a', 1), record()]],
    ])('of %s makes it once', async (_, command, writesOf) => {
      const writes = writesOf();
      proxy.lose(command, times);
      expect(await store.commit(WORK, writes)).toEqual({ committed: true });
      expect(proxy.left).toBe(0);
      const [found, recorded] = [
        await items.getMany(WORK, ['a', 'new', 'count', 'other']),
        await changes.getMany(WORK, ['a/2', 'tally']),
      ];
      const wrote = (verb: string, key: string) =>
        writes.some((write) => write.verb === verb && write.key === key);
      const kept = wrote('replace', 'a') ? 2 : 1;
      expect(found.map((doc) => doc?.n ?? doc?.version)).toEqual([
        wrote('delete', 'a') ? undefined : kept,
        wrote('insert', 'new') ? 1 : undefined,
        wrote('increment', 'count') ? 2 : 1,
        wrote('increment', 'other') ? 1 : undefined,
      ]);
      expect(recorded.map((doc) => doc?.n ?? doc?.version)).toEqual([
        wrote('insert', 'a/2') ? 1 : undefined,
        wrote('increment', 'tally') ? 1 : undefined,
      ]);
    });
  });

  const fail = (mode: object | string, data: object) =>
    admin.db('admin').command({ configureFailPoint: 'failCommand', mode, data });

  it.each([
    ['insert', 112],
    ['update', 112],
    ['commitTransaction', 251],
  ])('takes a transaction back at its %s: it is tried again', async (command, errorCode) => {
    await fail(
      { times: 2 },
      { failCommands: [command], errorCode, errorLabels: ['TransientTransactionError'] },
    );
    expect(await store.commit(WORK, [replace(), record(), count()])).toEqual({ committed: true });
    expect(await items.getMany(WORK, ['a', 'count'])).toMatchObject([{ version: 2 }, { n: 2 }]);
  });

  it('does so without end: the work’s deadline ends it', async () => {
    const errorLabels = ['TransientTransactionError'];
    await fail('alwaysOn', { failCommands: ['insert'], errorCode: 112, errorLabels });
    const began = performance.now();
    const work = new OpenWork({ origin: WORK.origin, deadline: began + 500 });
    await expect(store.commit(work, [replace(), record()])).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - began).toBeLessThan(3_000);
    await fail('off', {});
    expect(await items.get(WORK, 'a')).toMatchObject({ version: 1 });
  });

  it('refuses a write: nothing of the commit is left', async () => {
    await fail({ times: 1 }, { failCommands: ['insert'], errorCode: 2 });
    await expect(store.commit(WORK, [replace(), record(), count()])).rejects.toThrow();
    expect(await items.getMany(WORK, ['a', 'count'])).toMatchObject([{ version: 1 }, { n: 1 }]);
    expect(await store.commit(WORK, [replace(), record(), count()])).toEqual({ committed: true });
  });

  describe('whose data is of another format', () => {
    const url = (name: string) => `${server.url}${name}?directConnection=true`;
    it('is refused when it is newer', async () => {
      const number = STORE_FORMAT + 1;
      await admin
        .db('newer')
        .collection<{ _id: string }>('_store')
        .insertOne({
          _id: 'format',
          number,
        } as { _id: string });
      await expect(openMongo(url('newer'))).rejects.toThrow(
        `format ${STORE_FORMAT + 1}, from a newer version`,
      );
    });
    it('is refused when it has none, and left as it is', async () => {
      await admin.db('older').collection<{ _id: string }>('agents').insertOne({ _id: 'a' });
      await expect(openMongo(url('older'))).rejects.toThrow(StoreMisconfigured);
      expect(await admin.db('older').collection('_store').countDocuments()).toBe(0);
    });
    it('is noted once where many open a new database at once', async () => {
      const stores = await Promise.all([1, 2, 3, 4].map(() => openMongo(url('new'))));
      expect(await admin.db('new').collection('_store').find().toArray()).toEqual([
        { _id: 'format', number: STORE_FORMAT },
      ]);
      for (const one of stores) await one.close();
    });
  });
});

describe.skipIf(!hasSecantus())('a standalone MongoDB', () => {
  it('is refused by name', async () => {
    const server = await startSecantus(':memory:', undefined, ['--standalone']);
    try {
      const opened = openMongo(`${server.url}x?directConnection=true`);
      await expect(opened).rejects.toThrow(StoreMisconfigured);
      await expect(opened).rejects.toThrow(/standalone server; a replica set is required/);
    } finally {
      await server.kill();
    }
  });
});
