import { setTimeout as sleep } from 'node:timers/promises';
import { BSON, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBackground } from '../../src/server/background.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { openLogs } from '../../src/server/log.ts';
import { readSettings } from '../../src/server/settings.ts';
import { dropDatabase, testStore } from '../kit/store.ts';
import { messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';

/** Commands that the driver sends for itself. */
const DRIVERS = ['hello', 'ping', 'endSessions'];
const IDLE_MS = 10_000;

describe.runIf(process.env.MONGODB_URL)('on MongoDB', () => {
  const { STORE_URL, ...rest } = testStore();
  const ref = { org: 'acme', id: 'measured' };
  const commands: string[] = [];
  let open: OpenServices;
  let bytes = 0;
  const agentReads: unknown[] = [];

  beforeAll(async () => {
    const connect = vi.spyOn(MongoClient.prototype, 'connect');
    open = await openServices(
      readSettings({ ...rest, STORE_URL: `${STORE_URL}?monitorCommands=true` }),
    );
    const client = connect.mock.contexts[0] as MongoClient;
    client.on('commandStarted', ({ commandName, command }) => {
      if (DRIVERS.includes(commandName)) return;
      commands.push(commandName);
      const { ops, updates, documents, deletes } = command;
      if (ops || updates || documents || deletes) bytes += BSON.calculateObjectSize(command);
      if (command.find === 'agents') agentReads.push(command.projection);
    });
    connect.mockRestore();
    await open.services.agents.create(WORK, 'acme', { id: ref.id, name: 'Measured' });
    return async () => {
      await open.close();
      await dropDatabase(STORE_URL);
    };
  });
  beforeEach(() => {
    commands.length = 0;
    agentReads.length = 0;
    bytes = 0;
  });
  afterAll(() => vi.restoreAllMocks());

  const rename = (name: string) =>
    open.services.agents.change(WORK, ref, undefined, (it) => ({ ...it, name }));

  it('a read of an agent is one command', async () => {
    await open.services.agents.get(WORK, ref);
    expect(commands).toEqual(['find']);
  });

  it('a change with its record and its version is at most five commands, and sends the document once', async () => {
    // Whether the org has a webhook is read once in a second.
    await rename('Before');
    commands.length = 0;
    bytes = 0;
    const marker = 'x'.repeat(3_000);
    await rename(marker);
    expect(commands.length, commands.join(' ')).toBeLessThanOrEqual(5);
    expect(bytes).toBeGreaterThan(3_000);
    expect(bytes).toBeLessThan(6_000);
  });

  it('work on people and traffic reads no document of the agent', async () => {
    const { people, agents, ingest, traffic } = open.services;
    const { id } = await people.create(WORK, ref, { firstName: 'Ada' });
    await people.update(WORK, ref, id, undefined, { title: 'CEO' });
    await people.find(WORK, ref, id);
    await traffic.messages(WORK, await agents.owner(WORK, ref), {});
    await ingest.ingest(WORK, 'acme', [messageOf(ref.id)]);
    expect(agentReads).toHaveLength(5);
    for (const projection of agentReads) {
      expect(projection).toEqual({ version: 1, _write: 1, org: 1, id: 1, uid: 1 });
    }
  });

  it('a person and the messages are read by two commands with the agent', async () => {
    const { people, agents, traffic } = open.services;
    const { id } = await people.create(WORK, ref, { firstName: 'Ada' });
    commands.length = 0;
    await people.find(WORK, ref, id);
    expect(commands).toEqual(['find', 'find']);
    commands.length = 0;
    await traffic.messages(WORK, await agents.owner(WORK, ref), {});
    expect(commands).toEqual(['find', 'find']);
  });

  /** The bytes that are sent to be written, for each byte of JSON that is ingested. */
  async function bytesPerByte(textLength: number, count: number): Promise<number> {
    const entries = Array.from({ length: count }, (_, i) => {
      const { raw, ...message } = messageOf(ref.id, { text: 'x'.repeat(textLength) });
      return {
        ...message,
        userId: `u${textLength}`,
        sessionId: `${textLength}-${Math.floor(i / 7)}`,
      };
    });
    bytes = 0;
    await open.services.ingest.ingest(WORK, 'acme', entries);
    return bytes / JSON.stringify(entries).length;
  }

  it('a message is sent once: 1.2 bytes for each byte, and what a short one is known by', async () => {
    expect(await bytesPerByte(4_000, 30)).toBeLessThan(1.2);
    expect(await bytesPerByte(40, 100)).toBeLessThan(2.1);
  });

  it('a change that changes nothing only reads', async () => {
    await rename('Same');
    commands.length = 0;
    await rename('Same');
    expect(new Set(commands)).toEqual(new Set(['find']));
  });

  it('an idle process sends at most six commands in ten seconds', async () => {
    const settings = readSettings({ ...rest, STORE_URL, LOG_LEVEL: 'silent' });
    const { log } = await openLogs('silent', 'json');
    const stop = startBackground(open, settings, log, {});
    await sleep(IDLE_MS / 2);
    commands.length = 0;
    await sleep(IDLE_MS);
    const sent = [...commands];
    await stop();
    expect(sent.length, sent.join(' ')).toBeLessThanOrEqual(6);
    expect(sent).toContain('find');
  });

  // Last: a webhook leaves a job behind.
  it('a change with events for webhooks is at most five commands', async () => {
    const hook = { url: 'https://hooks.acme.com/', events: ['agent.updated'] as const };
    const { id } = await open.services.webhooks.create(WORK, 'acme', hook);
    commands.length = 0;
    await rename('Watched');
    expect(commands.length, commands.join(' ')).toBeLessThanOrEqual(5);
    await open.services.webhooks.delete(WORK, 'acme', id);
  });
});
