import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const AGENT = '/orgs/acme/agents/acme-demo';
const EDIT = `/console${AGENT}/edit`;

const status = (page: Page) => page.getByRole('region', { name: 'Your changes' });
const save = (page: Page) => status(page).getByRole('button', { name: 'Save' });
const longText = (page: Page) => page.getByRole('textbox', { name: 'Text', exact: true });

it('keeps unsaved changes over a reload, and saves them', async () => {
  const page = await kit.open(`${EDIT}?section=PERSONALITY`, kit.server.owner.token);
  await longText(page).fill('You are warm.\nYou are brief.');
  await status(page).getByText('Unsaved changes in 1 section').waitFor();
  await kit.look(page, 'edit-personality');
  await page.reload();
  await status(page).getByText('Unsaved changes in 1 section').waitFor();
  expect(await longText(page).innerText()).toContain('You are brief.');
  await save(page).click();
  await status(page).getByText('No unsaved changes').waitFor();
  const { body } = await kit.server.owner.get(`${AGENT}/personality`);
  expect(body).toMatchObject({ text: 'You are warm.\nYou are brief.' });

  await longText(page).fill('A mistake.');
  await status(page).getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => longText(page).innerText()).toContain('You are brief.');
});

it('edits the name and the description of the agent', async () => {
  const agent = await kit.server.owner.createAgent();
  const path = `/orgs/acme/agents/${agent}`;
  const page = await kit.open(`/console${path}/edit`, kit.server.owner.token);
  await page.getByRole('textbox', { name: 'Name' }).fill('Concierge');
  await page.getByLabel('Description').fill('Answers guests.');
  await status(page).getByText('Unsaved changes in 1 section').waitFor();
  await kit.look(page, 'edit-agent');
  await save(page).click();
  await page.getByRole('heading', { name: 'Concierge' }).waitFor();
  const { body } = await kit.server.owner.get(path);
  expect(body).toMatchObject({ name: 'Concierge', description: 'Answers guests.' });

  await page.getByLabel('Description').fill('');
  await kit.server.owner.patch(path, { name: 'Doorman' });
  await save(page).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save the merged agent' }).click();
  await page.getByRole('heading', { name: 'Doorman' }).waitFor();
  await expect
    .poll(async () => (await kit.server.owner.get(path)).body)
    .not.toHaveProperty('description');
});

it('edits fields, lists of texts, items and their references', async () => {
  const page = await kit.open(`${EDIT}?section=IDENTITY`, kit.server.owner.token);
  const sections = page.getByRole('navigation', { name: 'Sections' });
  await page.getByLabel('Hours of human contact').fill('Mon–Fri 9–5 PT');
  await kit.look(page, 'edit-identity');

  await sections.getByRole('link', { name: 'Guardrails' }).click();
  await page.getByRole('button', { name: 'Add a line: Claims not to make' }).click();
  await page
    .getByRole('textbox', { name: /^Claims not to make, line/ })
    .last()
    .fill('No refunds');
  await kit.look(page, 'edit-guardrails');

  await sections.getByRole('link', { name: 'Skills' }).click();
  await page.getByLabel('Name of the new item').fill('Small talk');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Id: small-talk').waitFor();
  await longText(page).fill('Talk about the weather.');

  await sections.getByRole('link', { name: 'Playbooks' }).click();
  await page.getByRole('combobox', { name: 'Skills' }).click();
  await page.getByRole('option', { name: 'Small talk' }).click();
  await page.keyboard.press('Escape');
  await kit.look(page, 'edit-playbooks');
  await save(page).click();
  await status(page).getByText('No unsaved changes').waitFor();
  const { body } = await kit.server.owner.get(`${AGENT}/export?format=json`);
  expect(body).toMatchObject({
    identity: { contactAvailability: 'Mon–Fri 9–5 PT' },
    guardrails: { claimsNotToMake: expect.arrayContaining(['No refunds']) },
    skills: expect.arrayContaining([expect.objectContaining({ id: 'small-talk' })]),
    playbooks: expect.arrayContaining([
      expect.objectContaining({ skillRefs: expect.arrayContaining(['small-talk']) }),
    ]),
  });

  await sections.getByRole('link', { name: 'Skills' }).click();
  await sections.getByRole('link', { name: 'Small talk' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await status(page).getByText('Unsaved changes in 2 sections').waitFor();
});

it('says why the server refuses a change', async () => {
  const page = await kit.open(`${EDIT}?section=IDENTITY`, kit.server.owner.token);
  await page.getByLabel('E-mail of human contact').fill('nobody');
  await save(page).click();
  await page.getByRole('alert').getByRole('button', { name: 'E-mail of human contact' }).waitFor();
  await kit.look(page, 'edit-refused');
});

it('merges the changes of two browsers, field by field', async () => {
  const mine = await kit.open(`${EDIT}?section=PERSONALITY`, kit.server.owner.token);
  await longText(mine).fill('You are formal.');
  await mine.getByRole('link', { name: 'Identity' }).click();
  await mine.getByLabel('Web site').fill('https://mine.example');
  await mine.getByLabel('Hours of human contact').fill('Mornings');

  const editor = await kit.server.as('editor');
  const other = await kit.open(`${EDIT}?section=PERSONALITY`, editor.token);
  await longText(other).fill('You are playful.');
  await other.getByRole('link', { name: 'Identity' }).click();
  await other.getByLabel('Web site').fill('https://theirs.example');
  await other.getByLabel('Phone of human contact').fill('+14155550101');
  await save(other).click();
  await status(other).getByText('No unsaved changes').waitFor();

  await save(mine).click();
  const dialog = mine.getByRole('dialog');
  await dialog.getByText('2 fields are left to choose.').waitFor();
  const text = dialog.getByRole('region', { name: 'Personality · Text' });
  await text.getByText('Theirs is by editor').waitFor();
  await text.getByText('You are playful.').waitFor();
  await kit.look(mine, 'edit-merge');
  await text.getByLabel('Keep yours').check();
  await dialog
    .getByRole('region', { name: 'Identity · Web site' })
    .getByLabel('Keep theirs')
    .check();
  await dialog.getByText('Mornings').waitFor();
  await kit.look(mine, 'edit-merge-plan');

  await kit.server.owner.patch(`${AGENT}/identity`, { brandColor: '#123456' });
  await dialog.getByRole('button', { name: 'Save the merged agent' }).click();
  await dialog.getByText('The plan was out of date').waitFor();
  await dialog.getByRole('button', { name: 'Save the merged agent' }).click();
  await status(mine).getByText('No unsaved changes').waitFor();
  const { body } = await kit.server.owner.get(`${AGENT}/export?format=json`);
  expect(body).toMatchObject({
    personality: { text: 'You are formal.' },
    identity: {
      websiteUrl: 'https://theirs.example',
      contactAvailability: 'Mornings',
      contactPhone: '+14155550101',
      brandColor: '#123456',
    },
  });
});

it('forgets a draft when the operator signs out', async () => {
  const page = await kit.open(`${EDIT}?section=IDENTITY`, kit.server.owner.token);
  await page.getByLabel('Hours of human contact').fill('Never');
  await status(page).getByText('Unsaved changes in 1 section').waitFor();
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('Never');
});

it('offers a viewer no editor', async () => {
  const viewer = await kit.server.as('viewer');
  const page = await kit.open(EDIT, viewer.token);
  await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  const tabs = page.getByRole('navigation', { name: 'Sections of the agent' });
  expect(await tabs.getByRole('link', { name: 'Edit' }).count()).toBe(0);
});
