import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { foreignHosts, launch, MAX_WAIT_MS } from './browser.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
const requested: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  browser = await launch();
  page = await browser.newPage();
  page.setDefaultTimeout(MAX_WAIT_MS);
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
}, MAX_WAIT_MS);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('the documentation', () => {
  it(
    'groups the operations by resource',
    async () => {
      await page.goto(`${server.url}/docs`);
      await page.getByRole('heading', { name: /Agent API/ }).waitFor();
      const shown = await page.locator('.opblock-tag').allInnerTexts();
      expect(shown.map((text) => text.trim().split('\n')[0])).toEqual(
        expect.arrayContaining(['org', 'agents', 'skills', 'people', 'messages', 'catalogs']),
      );
    },
    2 * MAX_WAIT_MS,
  );

  it(
    'runs an operation once the key is entered',
    async () => {
      await page.getByRole('button', { name: 'Authorize' }).click();
      await page.locator('.auth-container input').fill(server.owner.token ?? '');
      await page.locator('.auth-btn-wrapper .authorize').click();
      await page.locator('.auth-btn-wrapper .btn-done').click();
      await page.locator('.opblock-tag', { hasText: /^org/ }).first().click();
      await page.locator('#operations-org-getOrg .opblock-summary').click();
      await page.getByPlaceholder('org').fill('acme');
      await page.getByRole('button', { name: 'Execute' }).click();
      const answer = page.locator('.live-responses-table .response-col_description pre').first();
      await expect.poll(() => answer.innerText(), { timeout: MAX_WAIT_MS }).toContain('"acme"');
    },
    2 * MAX_WAIT_MS,
  );

  it(
    'fills in a body that runs as it stands',
    async () => {
      await page
        .locator('.opblock-tag', { hasText: /^agents/ })
        .first()
        .click();
      const operation = page.locator('#operations-agents-createAgent');
      await operation.locator('.opblock-summary').click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      const status = operation
        .locator('.live-responses-table tr.response .response-col_status')
        .first();
      await expect.poll(() => status.innerText(), { timeout: MAX_WAIT_MS }).toContain('201');
    },
    2 * MAX_WAIT_MS,
  );

  it('sends no request to another host, and logs no error', () => {
    expect(requested.length).toBeGreaterThan(0);
    expect(foreignHosts(requested, server.url)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
