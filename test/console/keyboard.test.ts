import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const ORG = '/console/orgs/acme';
const AGENT = `${ORG}/agents/acme-demo`;

const open = (path: string, viewport?: { width: number; height: number }) =>
  kit.open(path, kit.server.owner.token, viewport);
const focused = (page: Page) => page.locator(':focus');
const nameOf = (page: Page) =>
  focused(page).evaluate((it) => it.getAttribute('aria-label') ?? it.textContent);
const idOf = (page: Page) => focused(page).evaluate((it) => it.id);

it('skips to the content, and follows a link into its screen', async () => {
  const page = await open(`${ORG}/agents?q=acme`);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await nameOf(page)).toBe('Skip to the content');
  await kit.look(page, 'skip-link');
  await page.keyboard.press('Enter');
  await expect.poll(() => idOf(page)).toBe('content');
  await page.getByRole('link', { name: 'Acme demo' }).press('Enter');
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
  await expect.poll(() => idOf(page)).toBe('content');
  await page.keyboard.press('Tab');
  expect(await nameOf(page)).toBe('Agents');
  const tab = page.getByRole('link', { name: 'People' });
  await tab.press('Enter');
  await page.getByRole('table', { name: 'People' }).waitFor();
  expect(await nameOf(page)).toBe('People');
});

it('returns the focus from a dialog that Escape closes', async () => {
  const dialogs = [
    [`${ORG}/members`, 'Add member'],
    [`${AGENT}/history/2`, 'Restore'],
    [`${AGENT}/people`, 'Add person'],
  ] as const;
  const page = await open('/console');
  for (const [path, name] of dialogs) {
    await page.goto(kit.server.url + path);
    const button = page.getByRole('button', { name });
    await button.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await expect.poll(() => dialog.locator(':focus').count()).toBe(1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => nameOf(page)).toBe(name);
  }
});

it('returns the focus from a dialog that is removed, and to the screen if its button was', async () => {
  const page = await open(`${ORG}/webhooks`);
  await page.getByRole('table', { name: 'Webhooks' }).getByRole('link').first().press('Enter');
  const details = page.getByRole('button', { name: /^Show details/ }).first();
  await details.press('Enter');
  await page.getByRole('dialog').getByRole('heading', { name: 'Body' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => nameOf(page)).toMatch(/^Show details/);
  await page.goto(`${kit.server.url}${AGENT}/people`);
  await page.getByRole('table', { name: 'People' }).getByRole('link').first().press('Enter');
  await page.getByRole('button', { name: /^Delete/ }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
  await page.getByRole('table', { name: 'People' }).waitFor();
  await expect.poll(() => idOf(page)).toBe('content');
});

it('returns the focus from a menu', async () => {
  const page = await open(`${ORG}/agents`);
  const account = page.getByRole('button', { name: 'Account' });
  await account.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await expect.poll(() => nameOf(page)).toBe('Account');
});

it('opens and closes the sections on a narrow screen', async () => {
  const page = await open(`${ORG}/agents`, { width: 360, height: 740 });
  const menu = page.getByRole('button', { name: 'Menu' });
  const members = page.getByRole('link', { name: 'Members' });
  await menu.press('Enter');
  await members.waitFor();
  await kit.look(page, 'sections-narrow');
  await page.keyboard.press('Escape');
  await members.waitFor({ state: 'hidden' });
  expect(await menu.getAttribute('aria-expanded')).toBe('false');
  await menu.press('Enter');
  await members.press('Enter');
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await members.waitFor({ state: 'hidden' });
  await expect.poll(() => idOf(page)).toBe('content');
});
