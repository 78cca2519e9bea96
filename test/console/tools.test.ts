import { afterAll, expect, it } from 'vitest';
import { CALENDAR } from '../kit/oauth.ts';
import { OIDC_CLIENT, startOidc } from '../kit/oidc.ts';
import { consoleKit } from './kit.ts';

const oidc = await startOidc(['https://www.googleapis.com/auth/calendar.events']);
afterAll(() => oidc.stop());
const kit = consoleKit({
  OAUTH_GOOGLE_CLIENT_ID: OIDC_CLIENT.id,
  OAUTH_GOOGLE_CLIENT_SECRET: OIDC_CLIENT.secret,
  OAUTH_GOOGLE_ISSUER: oidc.issuer,
});

const open = (agent: string) =>
  kit.open(`/console/orgs/acme/agents/${agent}/tools`, kit.server.owner.token);

it('shows the tools in every state, and switches one on', async () => {
  const page = await open('acme-support');
  const part = (name: string) => page.getByRole('region', { name });
  await part('Zendesk').getByText('Ready').waitFor();
  const webhook = part('Custom HTTP Webhook');
  await webhook.getByText('Off', { exact: true }).waitFor();
  await kit.look(page, 'tools');
  await webhook.getByRole('button', { name: /^Switch on/ }).click();
  await webhook.getByText('Ready').waitFor();
  await page.goto(`${kit.server.url}/console/orgs/acme/agents/spring-summit/tools`);
  await page.getByText('Configuration incomplete').first().waitFor();
  await page
    .getByText(/^Missing: /)
    .first()
    .waitFor();
});

it('configures a tool with its form, and never shows a secret', async () => {
  const agent = await kit.server.owner.createAgent();
  const page = await open(agent);
  await page.getByRole('heading', { name: 'No tools yet' }).waitFor();
  await page.getByRole('button', { name: 'Add tool' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tool', { exact: true }).selectOption('Zendesk');
  await dialog.getByLabel('Subdomain').fill('Not Valid');
  await dialog.getByLabel('Agent email').fill('agent@acme.example');
  await dialog.getByLabel('API token').fill('a very secret token');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('alert').getByText('subdomain').waitFor();
  await dialog.getByLabel('Subdomain').fill('acme');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const zendesk = page.getByRole('region', { name: 'Zendesk' });
  await zendesk.getByText('Ready').waitFor();
  const tool = encodeURIComponent('@anychat/tool.zendesk');
  const path = `/orgs/acme/agents/${agent}/tool-bindings/${tool}`;
  const before = (await kit.server.owner.get(path)).body;
  await zendesk.getByRole('button', { name: 'Configure: Zendesk' }).click();
  await dialog.getByText(/^Created in the Zendesk.* Stored/).waitFor();
  expect(await dialog.getByLabel('API token').inputValue()).toBe('');
  await dialog.getByLabel('Tags').fill('one\ntwo');
  await kit.look(page, 'tools-configure');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const after = (await kit.server.owner.get(path)).body;
  expect(after).toMatchObject({
    config: {
      tags: ['one', 'two'],
      apiToken: (before.config as { readonly apiToken: unknown }).apiToken,
    },
  });
  expect(await page.content()).not.toContain('a very secret token');
  await zendesk.getByRole('button', { name: 'Remove: Zendesk' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('heading', { name: 'No tools yet' }).waitFor();
});

it('connects a tool in a window of its provider, and disconnects it', async () => {
  const agent = await kit.server.owner.createAgent();
  const tool = encodeURIComponent(CALENDAR);
  await kit.server.owner.put(`/orgs/acme/agents/${agent}/tool-bindings/${tool}`, {
    config: { calendarId: 'sdr-team@acme.com' },
  });
  const page = await open(agent);
  const calendar = page.getByRole('region', { name: 'Google Calendar' });
  await calendar.getByText('Not connected').waitFor();
  const popup = page.waitForEvent('popup');
  await calendar.getByRole('button', { name: 'Connect: Google Calendar' }).click();
  await calendar.getByText('Connected', { exact: true }).first().waitFor();
  const provider = await popup;
  expect(await provider.evaluate('window.opener')).toBeNull();
  expect(page.url()).toContain('/tools');
  await calendar.getByRole('button', { name: 'Disconnect: Google Calendar' }).click();
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await calendar.getByText('Not connected').waitFor();
});

it('offers a viewer no change', async () => {
  const viewer = await kit.server.as('viewer');
  const page = await kit.open('/console/orgs/acme/agents/acme-support/tools', viewer.token);
  await page.getByRole('region', { name: 'Zendesk' }).waitFor();
  expect(await page.getByRole('button', { name: /Add|Configure|Switch|Remove/ }).count()).toBe(0);
});
