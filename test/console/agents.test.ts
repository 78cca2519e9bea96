import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

/** What a browser loads before it shows the agents, compressed. */
const MAX_FIRST_SCREEN_BYTES = 200_000;

const kit = consoleKit();

const agents = (page: Page) => page.getByRole('table', { name: 'Agents' }).getByRole('link');

it('signs in with a key, and lists the agents', async () => {
  const page = await kit.open('/console');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await kit.look(page, 'sign-in');
  const key = page.getByLabel('API key', { exact: true });
  await key.fill('nonsense');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('An API key starts with').waitFor();
  await key.fill(kit.server.owner.token ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/console/orgs/acme/agents');
  await kit.look(page, 'agents');
});

it('loads at most 200 KB for its first screen', async () => {
  const page = await kit.open('/console/orgs/acme/agents', kit.server.owner.token);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  const bytes = await page.evaluate<number>(`performance.getEntriesByType('resource')
    .filter(({ name }) => name.includes('/console/assets/'))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(MAX_FIRST_SCREEN_BYTES);
});

it('searches, sorts and pages, and has the same in its address', async () => {
  const { owner } = kit.server;
  for (let i = 1; i <= 27; i += 1) {
    await owner.post('/orgs/acme/agents', { name: `Numbered ${String(i).padStart(2, '0')}` });
  }
  const page = await kit.open('/console/orgs/acme/agents', owner.token);
  await page.getByRole('searchbox', { name: 'Search by name or id' }).fill('numb');
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Name, A to Z');
  await expect.poll(() => agents(page).first().innerText()).toBe('Numbered 01');
  await expect.poll(() => agents(page).count()).toBe(25);
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect.poll(() => agents(page).allInnerTexts()).toEqual(['Numbered 26', 'Numbered 27']);
  await page.reload();
  await expect.poll(() => agents(page).allInnerTexts()).toEqual(['Numbered 26', 'Numbered 27']);
  await page.goBack();
  await expect.poll(() => agents(page).first().innerText()).toBe('Numbered 01');
  await page.getByRole('searchbox').fill('nothing has this name');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  await kit.look(page, 'agents-nothing-found');
});

it('creates an agent from a template as its plan shows, unless the id was taken meanwhile', async () => {
  const { owner } = kit.server;
  const page = await kit.open('/console/orgs/acme/agents', owner.token);
  await page.getByRole('button', { name: 'Create an agent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create an agent' });
  await dialog.getByText('With a name and an id').waitFor();
  const create = dialog.getByRole('button', { name: 'Create' });
  expect(await create.isDisabled()).toBe(true);
  await dialog.getByLabel('Name').fill('Riverside Clinic');
  await dialog.getByLabel('Template').selectOption('Clinic Appointment Agent');
  const created = dialog.getByRole('group', { name: 'What is created' });
  await created.getByText('Book an Appointment').waitFor();
  await dialog.getByText('4 findings to fix afterwards').waitFor();
  await created.getByText('Personality').click();
  await created.getByText('Imported template').first().waitFor();
  await kit.look(page, 'agents-create');

  await owner.createAgent({ id: 'riverside-clinic', name: 'Theirs' });
  await create.click();
  await dialog.getByText('The plan was out of date').waitFor();
  await dialog.getByText('id: is taken').waitFor();
  expect(await create.isDisabled()).toBe(true);
  await dialog.getByLabel('Id').fill('Riverside');
  await dialog.getByText('At most 80 of a to z').waitFor();
  await dialog.getByLabel('Id').fill('riverside');
  await created.waitFor();
  await create.click();
  await page.waitForURL('**/agents/riverside');
  await page.getByRole('heading', { name: 'Riverside Clinic' }).waitFor();

  const { body: agent } = await owner.get('/orgs/acme/agents/riverside');
  expect(agent).toMatchObject({
    name: 'Riverside Clinic',
    templateRef: { templateId: '@anychat/agent-template.clinic-appointments' },
  });
  const { body: history } = await owner.get('/orgs/acme/agents/riverside/history');
  expect(history.data).toMatchObject([{ version: 1 }]);
});

it('offers a viewer no creation, and templates to those who may apply them', async () => {
  const viewer = await kit.server.as('viewer');
  const other = await kit.open('/console/orgs/acme/agents?q=acme', viewer.token);
  await other.getByRole('link', { name: 'Acme demo' }).waitFor();
  expect(await other.getByRole('button', { name: 'Create an agent' }).count()).toBe(0);

  const writer = await kit.server.as('editor', ['agents:read', 'agents:write']);
  const page = await kit.open('/console/orgs/acme/agents', writer.token);
  await page.getByRole('button', { name: 'Create an agent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Empty one');
  expect(await dialog.getByLabel('Template').count()).toBe(0);
  await dialog.getByRole('group', { name: 'What is created' }).waitFor();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL('**/agents/empty-one');
});

it('is used by keyboard alone', async () => {
  const page = await kit.open('/console/orgs/acme/agents?q=acme', kit.server.owner.token);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('content');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/agents/acme-demo');
});

it('explains what a key may not see', async () => {
  const key = await kit.server.as('viewer', ['people:read']);
  const page = await kit.open('/console/orgs/acme/agents', key.token);
  await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  await page.getByText('agents:read').waitFor();
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Agents' }).count()).toBe(0);
  await kit.look(page, 'agents-denied');
  const withoutTraffic = await kit.server.as('viewer', ['agents:read']);
  const other = await kit.open('/console/orgs/acme/agents?q=acme', withoutTraffic.token);
  await other.getByRole('link', { name: 'Acme demo' }).waitFor();
});

it('answers an address that is not an org of the caller', async () => {
  const page = await kit.open('/console/orgs/elsewhere/agents', kit.server.owner.token);
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
});
