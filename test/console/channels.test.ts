import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const open = (agent: string) =>
  kit.open(`/console/orgs/acme/agents/${agent}/channels`, kit.server.owner.token);

it('shows the channels in every state, with their stories', async () => {
  const page = await open('acme-support');
  const part = (name: string) => page.getByRole('region', { name });
  await part('RCS').getByText('Active', { exact: true }).first().waitFor();
  await part('SMS').getByText('Off', { exact: true }).first().waitFor();
  await page.getByText('Status story').first().click();
  await part('RCS').getByText('Status story').click();
  await part('RCS').getByText('Being provisioned').first().waitFor();
  await kit.look(page, 'channels');
  await page.goto(`${kit.server.url}/console/orgs/acme/agents/bright-clinics/channels`);
  await page.getByText('Action required', { exact: true }).first().waitFor();
});

it('requests a channel with the form of the catalog, and edits it', async () => {
  const agent = await kit.server.owner.createAgent();
  const page = await open(agent);
  await page.getByRole('button', { name: 'Add channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Channel').selectOption('SMS');
  await dialog.getByText('Usually takes 5 to 15 business days').waitFor();
  await dialog.getByLabel('Country of the number').fill('Germany');
  await dialog.getByLabel('Sample messages').fill('Hello!\nReply STOP to end.');
  await kit.look(page, 'channels-request');
  await dialog.getByRole('button', { name: 'Send the request' }).click();
  await dialog.getByRole('alert').getByText('country').waitFor();
  await dialog.getByLabel('Country of the number').fill('DE');
  await dialog.getByRole('button', { name: 'Send the request' }).click();
  const sms = page.getByRole('region', { name: 'SMS' });
  await sms.getByText('Requested').first().waitFor();
  const bindings = async () =>
    (await kit.server.owner.get(`/orgs/acme/agents/${agent}/channels`)).body.data;
  expect(await bindings()).toContainEqual(
    expect.objectContaining({
      channel: 'sms',
      inputs: expect.objectContaining({
        country: 'DE',
        sampleMessages: ['Hello!', 'Reply STOP to end.'],
      }),
    }),
  );
  await sms.getByRole('button', { name: 'Edit: SMS' }).click();
  await dialog.getByRole('switch', { name: /Answer STOP/ }).click({ force: true });
  await dialog.getByRole('textbox', { name: 'Disclaimer' }).fill('Msg rates may apply.');
  await dialog.getByLabel('Shortest time').fill('500');
  await dialog.getByLabel('Country of the number').fill('');
  await kit.look(page, 'channels-edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await sms.getByText('Carrier compliance is on').waitFor();
  const [changed] = ((await bindings()) as readonly Record<string, unknown>[]).filter(
    ({ channel }) => channel === 'sms',
  );
  expect(changed).toMatchObject({
    compliance: { enabled: true, disclaimerText: 'Msg rates may apply.' },
    delivery: { minMessageDelayMs: 500 },
  });
  expect(changed?.inputs).not.toHaveProperty('country');
});

it('connects an account of its own, whose credentials are never shown', async () => {
  const agent = await kit.server.owner.createAgent();
  const page = await open(agent);
  await page.getByRole('button', { name: 'Add channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Channel').selectOption('SMS');
  await dialog.getByText('Your own account', { exact: true }).click();
  await dialog.getByLabel('Provider').selectOption('Twilio');
  await dialog.getByLabel('Account SID').fill('AC0123456789');
  await dialog.getByLabel('Auth token').fill('very secret token');
  await dialog.getByLabel('Phone number').fill('+14155550199');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  const sms = page.getByRole('region', { name: 'SMS' });
  await sms.getByText('Your account with Twilio').waitFor();
  expect(await page.content()).not.toContain('very secret token');
  await sms.getByRole('button', { name: 'Switch off: SMS' }).click();
  await sms.getByText('Off', { exact: true }).first().waitFor();
  await sms.getByRole('button', { name: 'Switch on: SMS' }).click();
  await sms.getByText('Active', { exact: true }).first().waitFor();
  await sms.getByRole('button', { name: 'Remove: SMS' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await sms.waitFor({ state: 'detached' });
});

it('offers a viewer no change', async () => {
  const viewer = await kit.server.as('viewer');
  const page = await kit.open('/console/orgs/acme/agents/acme-support/channels', viewer.token);
  await page.getByRole('region', { name: 'RCS' }).waitFor();
  expect(await page.getByRole('button', { name: /Add|Edit|Switch|Remove/ }).count()).toBe(0);
});
