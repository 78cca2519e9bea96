import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { arrivalTime, messageToStore } from '../../src/traffic/collections.ts';
import { sharedStore } from '../kit/store.ts';
import { messageOf } from '../kit/traffic.ts';
import { WORK } from '../kit/work.ts';
import { consoleKit } from './kit.ts';

const { environment, remove } = sharedStore();
afterAll(remove);
const kit = consoleKit(environment);

const AGENT = '/console/orgs/acme/agents/acme-demo';
const LIST = `${AGENT}/conversations`;

const ingest = (...entries: object[]) => kit.server.services.ingest.ingest(WORK, 'acme', entries);
const table = (page: Page) => page.getByRole('table', { name: 'Conversations' });
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });
const open = (path: string) => kit.open(path, kit.server.owner.token);
const rows = (page: Page) => table(page).getByRole('row');

it('lists conversations, and limits them by channel, person, day and test', async () => {
  const page = await open(AGENT);
  await page.getByRole('link', { name: 'Conversations' }).click();
  await table(page).waitFor();
  expect(await rows(page).count()).toBe(26);
  await kit.look(page, 'conversations');
  await page.getByLabel('Channel').selectOption('WhatsApp');
  await expect.poll(() => table(page).getByText('Web chat').count()).toBe(0);
  expect(await table(page).getByText('WhatsApp').count()).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  const person = page.getByRole('combobox', { name: 'Person' });
  await person.fill('Aik');
  const name = 'Aiko Tanaka';
  await page.getByRole('listbox').getByRole('option', { name }).click();
  await expect
    .poll(async () => new Set(await table(page).getByRole('link').allInnerTexts()))
    .toEqual(new Set([name]));
  await page.reload();
  await expect.poll(() => person.inputValue()).toBe(name);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.getByLabel('With test traffic').click({ force: true });
  await table(page).getByText('Test', { exact: true }).filter({ visible: true }).first().waitFor();
  await page.getByLabel('Until').fill('2001-02-03');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  expect(new URL(page.url()).searchParams.get('to')).toContain('2001-02-03');
});

it('shows a thread as a chat, with statuses, errors and the versions that answered', async () => {
  const failed = { channelMessageId: 'c3', error: 'the number is not in service' };
  const agent = (fields: object) => ({ origin: 'agent', agentVersion: 1, ...fields });
  await ingest(
    ...[
      { text: 'Is the demo still on?' },
      agent({ text: 'Yes, at three.\nShall I move it?', channelMessageId: 'c1' }),
      agent({ type: 'status', subtype: 'delivered', text: undefined, channelMessageId: 'c1' }),
      agent({ type: 'status', subtype: 'read', text: undefined, channelMessageId: 'c1' }),
      { text: 'Move it to four', type: 'action', subtype: 'suggestion' },
      agent({ text: 'Done: four it is.', agentVersion: 2, channelMessageId: 'c2' }),
      agent({ subtype: 'card', text: undefined, agentVersion: 2 }),
      agent({ text: 'See you then!', agentVersion: 2, ...failed }),
    ].map((it, minute) =>
      messageOf('acme-demo', {
        sessionId: 'demo',
        userId: 'visitor-demo',
        timestamp: new Date(Date.now() - 86_400_000 + minute * 60_000).toISOString(),
        ...it,
      }),
    ),
  );
  const page = await open(`${LIST}/demo`);
  const region = messages(page);
  await region.getByText('Is the demo still on?').waitFor();
  const agents = region.getByRole('article', { name: 'From the agent' });
  expect(await agents.first().innerText()).toMatch(/Shall I move it[\s\S]*Read · Version 1/);
  await region.getByText('Chose a suggestion').waitFor();
  await region.getByText('Not delivered: the number is not in service').waitFor();
  await region.getByText('the kind “card”').waitFor();
  const version = region.getByRole('link', { name: 'Answered by version 2' });
  expect(await version.count()).toBe(1);
  await page.getByText('Live', { exact: true }).waitFor();
  await kit.look(page, 'thread');
  await version.click();
  await page.getByRole('heading', { name: 'Version 2' }).waitFor();
});

it('shows messages as they arrive, and keeps the place of a reader', async () => {
  const session = { sessionId: 'long', userId: 'visitor-long' };
  const start = Date.now() - 3_600_000;
  await ingest(
    ...Array.from({ length: 120 }, (_, n) =>
      messageOf('acme-demo', {
        ...session,
        text: `line ${n}`,
        timestamp: new Date(start + n * 1_000).toISOString(),
      }),
    ),
  );
  const page = await open(`${LIST}/long`);
  const region = messages(page);
  await region.getByText('line 119', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await ingest(messageOf('acme-demo', { ...session, text: 'just in' }));
  await region.getByText('just in').waitFor();
  await expect.poll(() => isAtEnd(page)).toBe(true);
  await region.focus();
  await page.keyboard.press('Home');
  await region.getByText('line 30', { exact: true }).waitFor();
  await page.keyboard.press('Home');
  await region.getByText('The conversation starts here.').waitFor();
  const line = region.getByText('line 5', { exact: true });
  await line.waitFor();
  await line.scrollIntoViewIfNeeded();
  const before = await line.boundingBox();
  await ingest(messageOf('acme-demo', { ...session, text: 'while reading' }));
  await region.getByText('while reading').waitFor({ state: 'attached' });
  expect(await line.boundingBox()).toEqual(before);
  await page.getByRole('button', { name: 'Go to the newest' }).click();
  await expect.poll(() => isAtEnd(page)).toBe(true);
});

function isAtEnd(page: Page): Promise<boolean> {
  return messages(page).evaluate(
    (it) => it.scrollHeight - it.scrollTop - it.clientHeight < 2,
  ) as Promise<boolean>;
}

it('pages through 100,000 messages without filling the memory', async () => {
  const COUNT = 100_000;
  const agent = await kit.server.owner.createAgent();
  await store(agent, 'huge', COUNT);
  const page = await open(`/console/orgs/acme/agents/${agent}/conversations/huge`);
  const region = messages(page);
  const articles = region.getByRole('article');
  await region.getByText(`number ${COUNT - 1}`, { exact: true }).waitFor();
  await region.focus();
  const oldest = async () => Number(/number (\d+)/.exec(await articles.first().innerText())?.[1]);
  const upTo = async (wanted: number) => {
    for (let first = await oldest(); first > wanted; first = await oldest()) {
      await page.keyboard.press('Home');
      await expect.poll(oldest).toBeLessThan(first);
    }
  };
  await upTo(COUNT - 500);
  const before = await heapOf(page);
  await upTo(COUNT - 3_000);
  expect(await articles.count()).toBeLessThanOrEqual(250);
  expect((await heapOf(page)) - before).toBeLessThan(2 * 2 ** 20);
  expect(await region.getByText(`number ${COUNT - 1}`, { exact: true }).count()).toBe(0);
  const last = await articles.last().innerText();
  await page.keyboard.press('End');
  await expect.poll(() => articles.last().innerText()).not.toBe(last);
  await page.getByRole('button', { name: 'Go to the newest' }).click();
  await region.getByText(`number ${COUNT - 1}`, { exact: true }).waitFor();
});

/** Stores a conversation as the ingest would, without its checks: 100,000 messages in seconds. */
async function store(agent: string, sessionId: string, count: number): Promise<void> {
  const AT_ONCE = 5_000;
  const start = Date.now() - count * 100;
  const { traffic, agents } = kit.server.services;
  const { messages, conversations } = traffic.collections;
  const owner = await agents.get(WORK, { org: 'acme', id: agent });
  const stored = (n: number) =>
    messageToStore(
      owner,
      {
        agentId: agent,
        sessionId,
        userId: 'visitor-huge',
        channel: 'webchat',
        origin: 'user',
        type: 'content',
        text: `number ${n}`,
        messageId: `huge-${n}`,
        timestamp: new Date(start + n * 100).toISOString(),
      },
      arrivalTime(start) + String(n).padStart(6, '0'),
    );
  for (let from = 0; from < count; from += AT_ONCE) {
    const docs = Array.from({ length: AT_ONCE }, (_, n) => stored(from + n).doc);
    const written = await kit.store.commit(
      WORK,
      docs.map((doc) => messages.toInsert(doc)),
    );
    expect(written.committed).toBe(true);
  }
  const { conversation } = stored(count - 1);
  await kit.store.commit(WORK, [
    conversations.toIncrement({ ...conversation, add: { messageCount: count } }),
  ]);
}

/** Bytes of the page's objects that are in use. */
async function heapOf(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}

it('explains what is empty, missing or not permitted', async () => {
  const agent = await kit.server.owner.createAgent();
  const empty = await open(`/console/orgs/acme/agents/${agent}/conversations`);
  await empty.getByRole('heading', { name: 'No conversations yet' }).waitFor();
  await kit.look(empty, 'conversations-empty');
  await empty.goto(`${kit.server.url}${LIST}/nothing`);
  await empty.getByRole('heading', { name: 'Not found' }).waitFor();
  const key = await kit.server.as('viewer', ['agents:read']);
  const denied = await kit.open(LIST, key.token);
  await denied.getByText('messages:read').waitFor();
  expect(await denied.getByRole('link', { name: 'Conversations' }).count()).toBe(0);
});

it('continues where it was after the server was restarted', async () => {
  const session = { sessionId: 'restarted', userId: 'visitor-restarted' };
  const said = (text: string) =>
    messageOf('acme-demo', { ...session, text, timestamp: new Date().toISOString() });
  await ingest(said('before'));
  const page = await open(`${LIST}/restarted`);
  await messages(page).getByText('before').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await ingest(said('with a cursor'));
  await messages(page).getByText('with a cursor').waitFor();
  for (const text of ['ERR_CONNECTION_REFUSED', 'ERR_INCOMPLETE', 'ERR_CONNECTION_RESET']) {
    kit.expectError(text);
  }
  await kit.stop();
  await page.getByText('Reconnecting').waitFor();
  await kit.start();
  await ingest(said('during the interruption'));
  await messages(page).getByText('during the interruption').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
});
