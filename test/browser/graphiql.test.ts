import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { foreignHosts, launch, MAX_WAIT_MS } from './browser.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
const requested: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  browser = await launch();
  const context = await browser.newContext({
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page = await context.newPage();
  page.on('request', (request) => requested.push(request.url()));
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

  it('sends no request to another host', () => {
    expect(requested.length).toBeGreaterThan(0);
    expect(foreignHosts(requested, server.url)).toEqual([]);
  });
});
