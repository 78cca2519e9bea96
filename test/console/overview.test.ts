import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

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
