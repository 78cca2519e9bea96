import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const AGENT = '/orgs/acme/agents/acme-demo';
const EDIT = `/console${AGENT}/edit`;
const NARROW = { width: 360, height: 740 };

const prompt = (page: Page) => page.getByRole('region', { name: 'Prompt', exact: true });
const promptText = (page: Page) => prompt(page).locator('.prompt-text');
const longText = (page: Page) => page.getByRole('textbox', { name: 'Text', exact: true });
const fieldError = (page: Page, text: string) => page.locator('[data-field]').getByText(text);
const isFocused = (page: Page, selector: string) =>
  page.evaluate(`document.activeElement?.closest(${JSON.stringify(selector)}) !== null`);

it('shows the prompt of the draft beside the fields, as one types', async () => {
  const page = await kit.open(`${EDIT}?section=PERSONALITY`, kit.server.owner.token);
  const { body } = await kit.server.owner.get(`${AGENT}/prompt`);
  await expect.poll(() => promptText(page).textContent()).toBe(body.text);
  await longText(page).fill('You are a lighthouse keeper.');
  await promptText(page).getByText('You are a lighthouse keeper.').waitFor();
  expect((await kit.server.owner.get(`${AGENT}/prompt`)).body.text).toBe(body.text);
  await kit.look(page, 'edit-prompt');

  await prompt(page).getByRole('button', { name: 'Hide the prompt' }).click();
  await prompt(page).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('button', { name: 'Show the prompt' }).click();
  await promptText(page).getByText('You are a lighthouse keeper.').waitFor();
});

it('leads from a stretch of the prompt to its field', async () => {
  const page = await kit.open(EDIT, kit.server.owner.token);
  await prompt(page)
    .getByTitle('Guardrails · Topics to avoid, no. 2', { exact: true })
    .press('Enter');
  await page.getByRole('heading', { name: 'Guardrails' }).waitFor();
  const topic = page.getByRole('textbox', { name: 'Topics to avoid, line 2' });
  await expect.poll(() => topic.evaluate((it) => it === document.activeElement)).toBe(true);
  await prompt(page).getByTitle('Personality · Text', { exact: true }).click();
  await page.getByRole('heading', { name: 'Personality' }).waitFor();
  await expect.poll(() => isFocused(page, '[data-field="text"] .cm-content')).toBe(true);

  await page.getByRole('link', { name: 'Identity' }).click();
  await page.goto(`${kit.server.url}/console${AGENT}/prompt`);
  await page.getByTitle('Objectives · ', { exact: false }).first().click();
  await page.getByRole('region', { name: 'Origin' }).getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('heading', { name: 'Objectives' }).waitFor();
  await expect.poll(() => isFocused(page, '[data-field]')).toBe(true);
});

it('shows the prompt of the playbook that is edited', async () => {
  const page = await kit.open(`${EDIT}?section=PLAYBOOKS`, kit.server.owner.token);
  const items = page.getByRole('list', { name: 'Playbooks: items' });
  await items.getByRole('link', { name: 'Scheduling' }).click();
  await longText(page).fill('Offer two times.');
  await prompt(page).getByTitle('Playbooks · Scheduling · Text').waitFor();
  await promptText(page).getByText('Offer two times.').waitFor();
  await page.getByRole('link', { name: 'Skills' }).click();
  await page.getByRole('heading', { name: 'Skills' }).waitFor();
  await promptText(page).getByText('Offer two times.').waitFor();
});

it('keeps the prompt of the last draft that can be read', async () => {
  const page = await kit.open(`${EDIT}?section=IDENTITY`, kit.server.owner.token);
  await page.getByLabel('Preamble').fill('You are Ada.');
  await promptText(page).getByText('You are Ada.').waitFor();
  await page.getByLabel('E-mail of human contact').fill('nobody');
  await prompt(page).getByText('the last draft without mistakes').waitFor();
  await promptText(page).getByText('You are Ada.').waitFor();
  await page.reload();
  await prompt(page).getByRole('heading', { name: 'The draft has mistakes' }).waitFor();
});

it('shows the prompt in place of the fields on a narrow screen', async () => {
  const page = await kit.open(EDIT, kit.server.owner.token, NARROW);
  await page.getByRole('radiogroup', { name: 'What is shown' }).getByText('Prompt').click();
  await promptText(page).waitFor();
  await kit.look(page, 'edit-prompt-narrow');
  await page.setViewportSize(NARROW);
  await prompt(page).getByTitle('Identity · Preamble').click();
  await page.getByRole('heading', { name: 'Identity' }).waitFor();
  await expect.poll(() => isFocused(page, '[data-field="identityPreamble"]')).toBe(true);
});

it('shows the problems of a draft beside their fields, and leads to them', async () => {
  const page = await kit.open(`${EDIT}?section=GUARDRAILS`, kit.server.owner.token);
  const sections = page.getByRole('navigation', { name: 'Sections' });
  const bar = page.getByRole('region', { name: 'Your changes' });
  await page.getByRole('textbox', { name: 'Topics to avoid, line 2' }).fill(' ');
  await fieldError(page, 'must not be blank').waitFor();
  await sections.getByRole('link', { name: 'Message templates' }).click();
  await page.getByRole('heading', { name: 'Message templates' }).waitFor();
  await longText(page).fill('Hello {person.nick}');
  await sections.getByRole('link', { name: 'Identity' }).click();
  await page.getByLabel('E-mail of human contact').fill('nobody');
  await fieldError(page, 'is not an e-mail address').waitFor();
  await sections.getByRole('link', { name: 'Guardrails Has problems' }).waitFor();
  await bar.getByText('2 problems keep this from being saved').click();
  await kit.look(page, 'edit-problems');
  await bar.getByRole('button', { name: 'Guardrails · Topics to avoid' }).click();
  const topic = page.getByRole('textbox', { name: 'Topics to avoid, line 2' });
  await expect.poll(() => topic.evaluate((it) => it === document.activeElement)).toBe(true);
  await topic.fill('Horoscopes');
  await sections.getByRole('link', { name: 'Identity' }).click();
  await page.getByLabel('E-mail of human contact').fill('somebody@acme.example');

  await sections.getByRole('link', { name: 'Message templates Has problems' }).click();
  await fieldError(page, 'there is no slot person.nick').waitFor();
  await bar.getByRole('button', { name: 'Save' }).click();
  const refusal = bar.getByRole('alert');
  await refusal.getByRole('button', { name: 'Message templates · ' }).click();
  await expect.poll(() => isFocused(page, '[data-field="body"]')).toBe(true);
  await kit.look(page, 'edit-template-refused');
  await longText(page).fill('Hello {person.firstName}');
  await refusal.waitFor({ state: 'detached' });
  await bar.getByRole('button', { name: 'Save' }).click();
  await bar.getByText('No unsaved changes').waitFor();
});

it('shows a message template on a person, as one types', async () => {
  const agent = await kit.server.owner.createAgent();
  const path = `/orgs/acme/agents/${agent}`;
  await kit.server.owner.post(`${path}/message-templates`, { name: 'Hello', body: 'Hello.' });
  const open = (key?: string) => kit.open(`/console${path}/edit?section=MESSAGE_TEMPLATES`, key);
  const page = await open(kit.server.owner.token);
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('The agent has no people yet').waitFor();
  await kit.server.owner.post(`${path}/people`, { fullName: 'Ada Lovelace', firstName: 'Ada' });
  await kit.server.owner.post(`${path}/people`, {
    fullName: 'Grace Hopper',
    firstName: 'Grace',
    company: 'Navy',
  });
  await page.reload();
  await preview.getByText('Hello.', { exact: true }).waitFor();
  await longText(page).fill('Hello {person.firstName}. How is work at {person.company}?');
  await preview.getByRole('combobox', { name: 'Person' }).click();
  await page.getByRole('option', { name: 'Ada Lovelace' }).click();
  await preview.getByText('Hello Ada.', { exact: true }).waitFor();
  await preview.getByText('person.company is not set: its sentence is left out').waitFor();
  await kit.look(page, 'edit-preview');
  await page.getByLabel('If a slot has no value').selectOption({ label: 'Do not send' });
  await preview.getByText('a slot without a value blocks it').waitFor();
  await preview.getByRole('combobox', { name: 'Person' }).click();
  await page.getByRole('option', { name: 'Grace Hopper' }).click();
  await preview.getByText('Hello Grace. How is work at Navy?').waitFor();

  const key = await kit.server.as('editor', ['agents:read', 'agents:write']);
  const other = await open(key.token);
  await longText(other).waitFor();
  expect(await other.getByRole('region', { name: 'Preview' }).count()).toBe(0);
});
