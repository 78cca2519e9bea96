import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const HISTORY = '/console/orgs/acme/agents/acme-demo/history';

it('lists the versions with their authors, and filters them', async () => {
  const page = await kit.open(HISTORY, kit.server.owner.token);
  const table = page.getByRole('table', { name: 'Versions' });
  await table.getByText('Current').waitFor();
  await table.getByText('Restored from version').first().waitFor();
  expect(await table.getByText(/through (REST|GraphQL|MCP|command line)/).count()).toBeGreaterThan(
    0,
  );
  await kit.look(page, 'history');
  const all = await table.getByRole('row').count();
  await page.getByLabel('Section', { exact: true }).selectOption('Identity');
  await expect.poll(() => table.getByRole('row').count()).toBeLessThan(all);
  await page.reload();
  await expect.poll(() => table.getByRole('row').count()).toBeLessThan(all);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect.poll(() => table.getByRole('row').count()).toBe(all);
  await page.getByLabel('Until').fill('2001-01-01');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
});

it('compares two versions, field by field and by their prompts', async () => {
  const page = await kit.open(HISTORY, kit.server.owner.token);
  const boxes = page.getByRole('table', { name: 'Versions' }).getByRole('checkbox');
  await boxes.first().check();
  await boxes.nth(5).check();
  await page.getByRole('link', { name: /^Compare \d+ with \d+/ }).click();
  await page.getByRole('deletion').first().waitFor();
  await kit.look(page, 'history-fields');
  await page.getByLabel('What to compare').selectOption('Prompt');
  await page
    .getByText(/^From line/)
    .first()
    .waitFor();
  await kit.look(page, 'history-prompt');
  await page.getByLabel('Compared with').selectOption('The version before');
  await expect.poll(() => new URL(page.url()).searchParams.get('against')).toBeNull();
});

it('restores one section as its plan shows, unless the agent was changed meanwhile', async () => {
  const { owner } = kit.server;
  const identity = '/orgs/acme/agents/acme-demo/identity';
  await owner.patch(identity, { contactEmail: 'first@acme.example' });
  const { headers } = await owner.get('/orgs/acme/agents/acme-demo');
  const version = JSON.parse(headers.get('etag') ?? '');
  await owner.patch(identity, { contactEmail: 'second@acme.example' });
  await owner.put('/orgs/acme/agents/acme-demo/personality', { text: 'You are terse.' });

  const page = await kit.open(`${HISTORY}/${version}`, owner.token);
  await page.getByRole('button', { name: 'Restore' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('region', { name: 'Personality' }).waitFor();
  await dialog.getByLabel('What to restore').selectOption('Identity');
  await dialog.getByRole('region', { name: 'Personality' }).waitFor({ state: 'detached' });
  await dialog.getByLabel('Reason').fill('The second address bounces');
  await kit.look(page, 'history-restore');

  await owner.patch(identity, { contactEmail: 'third@acme.example' });
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await dialog.getByText('The plan was out of date').waitFor();
  await dialog.getByText('third@acme.example').waitFor();
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('status').getByText('Restored.').waitFor();

  const { body: restored } = await owner.get(identity);
  expect(restored).toMatchObject({ contactEmail: 'first@acme.example' });
  const { body: personality } = await owner.get('/orgs/acme/agents/acme-demo/personality');
  expect(personality).toMatchObject({ text: 'You are terse.' });
  await page.getByRole('link', { name: 'All versions' }).click();
  await page.getByText('The second address bounces').waitFor();
});

it('offers a viewer no restore', async () => {
  const viewer = await kit.server.as('viewer');
  const page = await kit.open(`${HISTORY}/1`, viewer.token);
  await page.getByRole('heading', { name: 'Version 1', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Restore' }).count()).toBe(0);
});
