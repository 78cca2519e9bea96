import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { foreignHosts, launch, MAX_WAIT_MS } from './browser.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
const requested: string[] = [];
const refused: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  browser = await launch();
  const context = await browser.newContext({
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page = await context.newPage();
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
}, MAX_WAIT_MS);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Pastes, because the editor closes brackets that are typed. */
async function paste(text: string): Promise<void> {
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('ControlOrMeta+V');
}

const query = () => page.locator('.graphiql-query-editor .view-lines').first();
const tabs = () => page.locator('.graphiql-tab');

/** Expects one tab, whose query contains a text. */
async function expectQuery(text: string): Promise<void> {
  await expect.poll(() => query().innerText(), { timeout: MAX_WAIT_MS }).toContain(text);
  expect(await tabs().count()).toBe(1);
}

/** Reloads once GraphiQL has stored its tabs, which it does half a second after a change. */
async function reload(): Promise<void> {
  await page.waitForTimeout(1_000);
  await page.reload({ timeout: MAX_WAIT_MS });
}

describe('GraphiQL', () => {
  it(
    'shows the schema without a key',
    async () => {
      await page.goto(`${server.url}/graphql`, { timeout: MAX_WAIT_MS });
      await page.getByRole('button', { name: /show documentation explorer/i }).click();
      await expect
        .poll(() => page.locator('.graphiql-plugin').innerText(), { timeout: MAX_WAIT_MS })
        .toContain('ViewerMembership');
    },
    2 * MAX_WAIT_MS,
  );

  it(
    'runs its first query once the key is pasted',
    async () => {
      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      const headers = page.locator('.graphiql-editor-tool .monaco-editor:visible').first();
      await headers.click();
      await paste(`{ "Authorization": "Bearer ${server.owner.token}" }`);
      await page.getByRole('button', { name: /execute query/i }).click();
      const response = page
        .locator('.graphiql-response, section[aria-label="Result Window"]')
        .first();
      await expect
        .poll(async () => (await response.innerText()).replace(/\s+/g, ' '), {
          timeout: MAX_WAIT_MS,
        })
        .toContain('"acme"');
    },
    2 * MAX_WAIT_MS,
  );

  it(
    'has its first query and the headers after a reload',
    async () => {
      await reload();
      await expectQuery('memberships');
      await page.getByRole('button', { name: /execute query/i }).click();
      const response = page.locator('.graphiql-response').first();
      await expect.poll(() => response.innerText(), { timeout: MAX_WAIT_MS }).toContain('acme');
    },
    2 * MAX_WAIT_MS,
  );

  it(
    'has an edited query after a reload, at the same address',
    async () => {
      await query().click();
      await page.keyboard.press('ControlOrMeta+A');
      await paste('query Edited { viewer { name } }');
      await reload();
      await expectQuery('Edited');
      expect(page.url()).toBe(`${server.url}/graphql`);
    },
    2 * MAX_WAIT_MS,
  );

  it(
    'has an empty tab after a reload where one was open',
    async () => {
      await page.getByRole('button', { name: /new tab/i }).click();
      await reload();
      await query().waitFor({ timeout: MAX_WAIT_MS });
      await expect.poll(() => tabs().count(), { timeout: MAX_WAIT_MS }).toBe(2);
      expect((await query().innerText()).trim()).toBe('');
    },
    2 * MAX_WAIT_MS,
  );

  it('sends no request to another host, and its policy refuses nothing', () => {
    expect(requested.length).toBeGreaterThan(0);
    expect(foreignHosts(requested, server.url)).toEqual([]);
    expect(refused).toEqual([]);
  });
});
