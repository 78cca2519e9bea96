import { expect, it } from 'vitest';
import { startReceiver } from '../kit/receiver.ts';
import { consoleKit } from './kit.ts';

const kit = consoleKit({ WEBHOOK_ALLOW_PRIVATE: '1' });

it('adds, changes and removes members', async () => {
  const page = await kit.open('/console/orgs/acme/members', kit.server.owner.token);
  const table = page.getByRole('table', { name: 'Members' });
  await table.waitFor();
  await page.getByRole('button', { name: 'Add member' }).click();
  await kit.look(page, 'members-add');
  await page.getByLabel('E-mail address').fill('new@acme.example');
  await page.getByLabel('Role', { exact: true }).selectOption('Editor');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const role = page.getByLabel('Role of new@acme.example');
  await expect.poll(() => role.inputValue()).toBe('EDITOR');
  await role.selectOption('Viewer');
  await expect
    .poll(async () => (await kit.server.owner.get('/orgs/acme/members')).body.data)
    .toContainEqual(expect.objectContaining({ email: 'new@acme.example', role: 'viewer' }));
  await kit.look(page, 'members');
  await page.getByRole('button', { name: 'Remove: new@acme.example' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await role.waitFor({ state: 'detached' });
});

it('creates a key, which is shown once, copied, and deleted', async () => {
  const page = await kit.open('/console/orgs/acme/api-keys', kit.server.owner.token);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByLabel('Name').fill('Nightly export');
  await page.getByLabel('Read agents').check();
  await kit.look(page, 'api-keys-create');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const shown = page.getByRole('status').filter({ hasText: 'Nightly export' });
  await shown.getByRole('button', { name: 'Copy' }).click();
  const key = String(await page.evaluate('navigator.clipboard.readText()'));
  expect(key).toMatch(/^sk-any-api01-\w{46}$/);
  await kit.look(page, 'api-keys');
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Nightly export', { exact: true }).waitFor();
  expect(await page.getByText(key).count()).toBe(0);
  await page.getByRole('button', { name: 'Delete: Nightly export' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('Nightly export', { exact: true }).waitFor({ state: 'detached' });
});

it('shows the deliveries of a webhook, and delivers again', async () => {
  const receiver = await startReceiver();
  const page = await kit.open('/console/orgs/acme/webhooks', kit.server.owner.token);
  await page.getByRole('table', { name: 'Webhooks' }).waitFor();
  await kit.look(page, 'webhooks');
  await page.getByRole('table', { name: 'Webhooks' }).getByRole('link').first().click();
  await page.getByRole('table', { name: 'Deliveries' }).waitFor();
  await page.getByLabel('Status', { exact: true }).selectOption('Given up');
  await page
    .getByRole('button', { name: /^Show details/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Body' }).waitFor();
  await kit.look(page, 'webhook-delivery');
  await page.getByRole('button', { name: 'Close' }).click();
  await kit.look(page, 'webhook');

  await page.goto(`${kit.server.url}/console/orgs/acme/webhooks`);
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByLabel('Address of the receiver').fill(receiver.url);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText(/whsec_/).waitFor();
  await page.getByRole('link', { name: receiver.url }).click();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  const rows = page.getByRole('table', { name: 'Deliveries' }).getByRole('row');
  await rows.filter({ hasText: 'Delivered' }).waitFor();
  const before = receiver.received.length;
  await page.getByRole('button', { name: /^Deliver again/ }).click();
  await expect.poll(() => receiver.received.length).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await receiver.stop();
});

it('shows who changed what, and limits it by action', async () => {
  const page = await kit.open('/console/orgs/acme/audit-log', kit.server.owner.token);
  const table = page.getByRole('table', { name: 'Audit log' });
  await table.waitFor();
  await kit.look(page, 'audit-log');
  await page.getByLabel('Action', { exact: true }).selectOption('Org created');
  await expect.poll(() => table.getByRole('row').count()).toBe(2);
  expect(new URL(page.url()).searchParams.get('action')).toContain('ORG_CREATED');
});

it('saves the settings of the org, unless another has changed them', async () => {
  const page = await kit.open('/console/orgs/acme/settings', kit.server.owner.token);
  await page.getByLabel('Name').fill('Acme Inc.');
  await page.getByLabel('Time zone').selectOption('America/New_York');
  await kit.look(page, 'settings');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('banner').getByText('Acme Inc.').waitFor();
  const { body } = await kit.server.owner.get('/orgs/acme');
  expect(body).toMatchObject({ name: 'Acme Inc.', timeZone: 'America/New_York' });
  await page.getByLabel('Description').fill('mine');
  await kit.server.owner.patch('/orgs/acme', { description: 'theirs' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('The server refused this').waitFor();
});

it('offers a viewer none of them', async () => {
  const viewer = await kit.server.as('viewer');
  const page = await kit.open('/console/orgs/acme/api-keys', viewer.token);
  await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  const menu = page.getByRole('navigation', { name: 'Sections of the org' });
  expect(await menu.getByRole('link').allInnerTexts()).toEqual(['Agents']);
  expect(await page.getByRole('button', { name: 'Create key' }).count()).toBe(0);
});
