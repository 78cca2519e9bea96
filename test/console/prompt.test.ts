import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const AGENT = '/console/orgs/acme/agents/acme-demo';

it('shows what the model will see, and the origin of each part', async () => {
  const page = await kit.open(AGENT, kit.server.owner.token);
  await page.getByRole('link', { name: 'Prompt' }).click();
  const prompt = page.getByRole('region', { name: 'Prompt', exact: true });
  const { body } = await kit.server.owner.get('/orgs/acme/agents/acme-demo/prompt');
  await expect.poll(() => prompt.locator('.prompt-text').textContent()).toBe(body.text);
  const sizes = page.getByRole('region', { name: 'Tokens by section' });
  await sizes.getByRole('button', { name: /^Personality/ }).click();
  const origin = page.getByRole('region', { name: 'Origin' });
  await origin.getByText('Personality', { exact: true }).waitFor();
  await origin.getByText('@anychat/personality-template').waitFor();
  await kit.look(page, 'prompt');
  await origin.getByRole('button', { name: 'Close' }).click();
  await prompt.getByTitle('Guardrails · Topics to avoid, no. 1', { exact: true }).press('Enter');
  await origin.getByText('Topics to avoid, no. 1').waitFor();
});

it('shows the prompt of another conversation, also after a reload', async () => {
  const { body } = await kit.server.owner.get('/orgs/acme/agents/acme-demo/playbooks');
  const playbooks = body.data as readonly { id: string; name: string; isDefault?: boolean }[];
  const other = playbooks.find(({ isDefault }) => !isDefault);
  if (!other) throw new Error('the demo agent has one playbook');
  const page = await kit.open(`${AGENT}/prompt`, kit.server.owner.token);
  await page.getByLabel('Playbook', { exact: true }).selectOption({ label: other.name });
  await page.getByLabel('Channel', { exact: true }).selectOption({ label: 'Web chat' });
  await page.getByText('This conversation is on').waitFor();
  await page.getByTitle(`Playbooks · ${other.name} · Text`).waitFor();
  await page.getByRole('combobox', { name: 'Person' }).click();
  const option = page.getByRole('listbox', { name: 'Person' }).getByRole('option').first();
  const person = await option.textContent();
  await option.click();
  await page.reload();
  await page.getByTitle(`Playbooks · ${other.name} · Text`).waitFor();
  await expect.poll(() => page.getByRole('combobox', { name: 'Person' }).inputValue()).toBe(person);
  await kit.look(page, 'prompt-conversation');
});

it('shows the parts that are withheld, with the reason', async () => {
  const agent = await kit.server.owner.createAgent();
  await kit.server.owner.post(`/orgs/acme/agents/${agent}/import`, {
    skills: [{ id: 'off', name: 'Off', body: 'b', enabled: false }],
    playbooks: [{ id: 'p', name: 'P', body: 'b', isDefault: true, skillRefs: ['off'] }],
  });
  const page = await kit.open(`/console/orgs/acme/agents/${agent}/prompt`, kit.server.owner.token);
  const withheld = page.getByRole('region', { name: 'Withheld' });
  await withheld.getByText('It is disabled.').waitFor();
});

it('does not offer people to a key that may not read them', async () => {
  const key = await kit.server.as('viewer', ['agents:read']);
  const page = await kit.open(`${AGENT}/prompt`, key.token);
  await page.getByRole('region', { name: 'Tokens by section' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Person' }).count()).toBe(0);
});

it('says which playbook is missing', async () => {
  const page = await kit.open(`${AGENT}/prompt?playbook=none`, kit.server.owner.token);
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
});
