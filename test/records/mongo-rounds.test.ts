import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { dropDatabase, testStore } from '../kit/store.ts';
import { messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

const MEASURED = ['agents', 'people', 'personLinks', 'users', 'messages'];

/** How many commands of a request follow one another; commands at the same time are one round. */
describe.runIf(process.env.MONGODB_URL)('on MongoDB, at most two rounds', () => {
  const store = testStore();
  const path = '/orgs/acme/agents/measured';
  let server: TestServer;
  let rounds: string[][] = [];
  let running = 0;

  beforeAll(async () => {
    const connect = vi.spyOn(MongoClient.prototype, 'connect');
    const STORE_URL = `${store.STORE_URL}?monitorCommands=true`;
    server = await startTestServer({ ...store, STORE_URL });
    const client = connect.mock.contexts[0] as MongoClient;
    const collectionOf = (it: { readonly command?: Record<string, unknown> }) =>
      String(it.command?.find ?? it.command?.aggregate);
    const measured = new Set<number>();
    client.on('commandStarted', (event) => {
      if (!MEASURED.includes(collectionOf(event))) return;
      measured.add(event.requestId);
      if (running === 0) rounds.push([]);
      running += 1;
      rounds.at(-1)?.push(collectionOf(event));
    });
    const ended = ({ requestId }: { requestId: number }) => {
      if (measured.delete(requestId)) running -= 1;
    };
    client.on('commandSucceeded', ended);
    client.on('commandFailed', ended);
    connect.mockRestore();
    await server.owner.createAgent({ id: 'measured', name: 'Measured' });
  });
  afterAll(async () => {
    await server.stop();
    await dropDatabase(store.STORE_URL);
  });

  async function roundsOf(url: string): Promise<string[][]> {
    await server.owner.get(url);
    rounds = [];
    expect((await server.owner.get(url)).status).toBe(200);
    return rounds.map((round) => [...round].sort());
  }

  it('read a person with the channels', async () => {
    const phone = '+14155550101';
    const { body } = await server.owner.post(`${path}/people`, { firstName: 'Ada', phone });
    await server.services.ingest.ingest(WORK, 'acme', [
      messageOf('measured', { channel: 'sms', userId: phone }),
    ]);
    expect(await roundsOf(`${path}/people/${body.id}`)).toEqual([
      ['agents', 'people'],
      ['people', 'personLinks', 'users'],
    ]);
  });

  it.each(['messages', 'people'])('list %s', async (list) => {
    expect(await roundsOf(`${path}/${list}`)).toEqual([['agents'], [list]]);
  });
});
