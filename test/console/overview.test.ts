import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

it('offers a viewer no update', async () => {
  const viewer = await kit.server.as('viewer');
  const page = await kit.open('/console/orgs/acme/agents/acme-demo', viewer.token);
  const updates = page.getByRole('region', { name: 'Updates of templates' });
  await updates.getByText('→').waitFor();
  expect(await updates.getByRole('button').count()).toBe(0);
});

it('shows the state of an agent at a glance', async () => {
  const page = await kit.open('/console/orgs/acme/agents/acme-demo', kit.server.owner.token);
  const part = (name: string) => page.getByRole('region', { name });
  await part('Readiness').getByText('Problem').first().waitFor();
  await part('Messages of the last 7 days').getByRole('listitem').nth(6).waitFor();
  await part('Prompt by section').getByText('Skills', { exact: true }).waitFor();
  await part('Channels').getByText('Web chat').waitFor();
  expect(await part('Updates of templates').getByText('→').count()).toBeGreaterThan(0);
  await kit.look(page, 'overview');
  const fix = part('Readiness').getByRole('link', { name: /^Fix/ });
  await fix.first().click();
  await page.waitForURL(/\/acme-demo\/(edit|tools|channels)/);
  await page.goBack();
  await part('Prompt by section')
    .getByRole('link', { name: /tokens in all/ })
    .click();
  await page.getByRole('region', { name: 'Tokens by section' }).waitFor();
});

const AGENT = '/orgs/acme/agents/acme-demo';

it('updates a copy as its plan shows, unless the agent was changed meanwhile', async () => {
  const { owner } = kit.server;
  const page = await kit.open(`/console${AGENT}`, owner.token);
  const updates = page.getByRole('region', { name: 'Updates of templates' });
  await updates.getByRole('button', { name: /^Review the update/ }).click();
  const dialog = page.getByRole('dialog', { name: /^Update / });
  const skills = dialog.getByRole('region', { name: 'Skills' });
  await skills.getByText('Version of the imported template').waitFor();
  await kit.look(page, 'overview-update');

  await owner.put(`${AGENT}/personality`, { text: 'You are terse.' });
  await dialog.getByRole('button', { name: 'Update' }).click();
  await dialog.getByText('The plan was out of date').waitFor();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await updates.getByRole('status').getByText('is updated').waitFor();
  await updates.getByText('Every copy has the version of its template.').waitFor();
  await kit.look(page, 'overview-updated');

  const { body: found } = await owner.get(`${AGENT}/updates`);
  expect(found).toMatchObject({ updateCount: 0 });
  const { body: personality } = await owner.get(`${AGENT}/personality`);
  expect(personality).toMatchObject({ text: 'You are terse.' });
  await updates.getByRole('link', { name: 'Show the version' }).click();
  await page.getByRole('region', { name: 'Skills' }).waitFor();
});

it('shows what a key may see, and says which right the rest needs', async () => {
  const key = await kit.server.as('viewer', ['agents:read']);
  const page = await kit.open('/console/orgs/acme/agents/acme-demo', key.token);
  const traffic = page.getByRole('region', { name: 'Messages of the last 7 days' });
  await traffic.getByText('messages:read').waitFor();
  await page.getByRole('region', { name: 'Channels' }).getByText('Web chat').waitFor();
});

it('answers an agent that does not exist', async () => {
  const page = await kit.open('/console/orgs/acme/agents/nobody', kit.server.owner.token);
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
});
