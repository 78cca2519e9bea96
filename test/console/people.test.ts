import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const AGENT = '/console/orgs/acme/agents/acme-demo';
const open = (path: string) => kit.open(path, kit.server.owner.token);

it('searches people, and opens all that is known of one', async () => {
  const page = await open(AGENT);
  await page.getByRole('link', { name: 'People' }).click();
  const table = page.getByRole('table', { name: 'People' });
  await table.waitFor();
  await kit.look(page, 'people');
  await page.getByLabel('Status', { exact: true }).selectOption('Converted');
  await expect.poll(() => table.getByRole('link').count()).toBe(1);
  await page.getByLabel('Status', { exact: true }).selectOption('All statuses');
  await page.getByRole('searchbox').fill('whit');
  await expect.poll(() => table.getByRole('link').allInnerTexts()).toEqual(['Dana Whitfield']);
  await table.getByRole('link').click();
  const part = (name: string) => page.getByRole('region', { name });
  await part('Record').getByText('dana@brightclinics.example').waitFor();
  expect(await part('Journal').getByRole('listitem').count()).toBeGreaterThan(1);
  expect(await part('Appointments').getByRole('listitem').count()).toBeGreaterThan(0);
  await part('Conversations').getByRole('listitem').first().waitFor();
  await kit.look(page, 'person');
  await part('Conversations').getByRole('link', { name: 'Show all' }).click();
  const conversations = page.getByRole('table', { name: 'Conversations' });
  await conversations.getByRole('link').first().click();
  await conversations.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Dana Whitfield' }).click();
  await part('Record').waitFor();
});

it('adds a person, edits the record, writes in the journal, and deletes', async () => {
  const page = await open(`${AGENT}/people`);
  await page.getByRole('button', { name: 'Add person' }).click();
  await page.getByLabel('First name').fill('Nora');
  await page.getByLabel('Phone number').fill('12');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('alert').getByText('The server refused this').waitFor();
  await page.getByLabel('Phone number').fill('+14155550188');
  await page.getByLabel('Name of a further field').fill('plan');
  await page.getByRole('button', { name: 'Add the field' }).click();
  await page.getByLabel('plan').fill('Pro');
  await kit.look(page, 'people-create');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const record = page.getByRole('region', { name: 'Record' });
  await record.getByText('+14155550188').waitFor();
  await record.getByText('Pro').waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Company').fill('Nora Books');
  await page.getByLabel('Phone number').fill('');
  await page.getByLabel('Status', { exact: true }).selectOption('Qualified');
  const id = page.url().split('/').at(-1);
  const path = `/orgs/acme/agents/acme-demo/people/${id}`;
  await kit.server.owner.patch(path, { title: 'Owner' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('The server refused this').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await record.getByText('Owner').waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Phone number').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await record.getByText('+14155550188').waitFor({ state: 'detached' });
  expect((await kit.server.owner.get(path)).body).toMatchObject({ title: 'Owner' });
  await page.getByLabel('New line').fill('Prefers mornings');
  await page.keyboard.press('Enter');
  const journal = page.getByRole('region', { name: 'Journal' });
  await journal.getByText('Prefers mornings').waitFor();
  await page.getByRole('button', { name: 'Delete: Nora' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('table', { name: 'People' }).waitFor();
  expect((await kit.server.owner.get(path)).status).toBe(404);
});

it("books a call in the operator's zone, moves it and cancels it", async () => {
  const { body } = await kit.server.owner.post('/orgs/acme/agents/acme-demo/people', {
    fullName: 'Olga Caller',
  });
  const page = await open(`${AGENT}/people/${body.id}`);
  const part = page.getByRole('region', { name: 'Appointments' });
  await part.getByText('No appointments').waitFor();
  await part.getByRole('button', { name: 'Book a call' }).click();
  await page.getByLabel('Start').fill('2031-07-01T10:30');
  await page.getByLabel('Who calls').fill('Ruth');
  await kit.look(page, 'person-book');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await part.getByText('1 Jul 2031, 10:30').waitFor();
  const calls = async () => {
    const path = `/orgs/acme/agents/acme-demo/people/${body.id}/appointments`;
    return (await kit.server.owner.get(path)).body.data;
  };
  expect(await calls()).toMatchObject([{ startUtc: '2031-07-01T08:30:00.000Z' }]);
  await part.getByRole('button', { name: 'Move' }).click();
  await page.getByLabel('Start').fill('2031-07-02T11:00');
  await page.getByLabel('Reason').fill('on holiday');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await part.getByText('2 Jul 2031, 11:00').first().waitFor();
  await part.getByText('on holiday').waitFor();
  await part.getByRole('button', { name: 'Cancel the call' }).click();
  await page.getByRole('button', { name: 'Cancel the call', exact: true }).click();
  await part.getByText('Cancelled').waitFor();
  expect(await calls()).toMatchObject([{ status: 'cancelled' }]);
});

it('shows the open tab on a narrow screen', async () => {
  const page = await kit.open(`${AGENT}/people`, kit.server.owner.token, {
    width: 360,
    height: 740,
  });
  const tab = page.getByRole('link', { name: 'People', exact: true });
  await tab.waitFor();
  await expect
    .poll(async () => {
      const box = await tab.boundingBox();
      return box !== null && box.x + box.width <= 360;
    })
    .toBe(true);
});

it('explains what is empty, missing or not permitted', async () => {
  const agent = await kit.server.owner.createAgent();
  const empty = await open(`/console/orgs/acme/agents/${agent}/people`);
  await empty.getByRole('heading', { name: 'No people yet' }).waitFor();
  await empty.goto(`${kit.server.url}${AGENT}/people/nobody`);
  await empty.getByRole('heading', { name: 'Not found' }).waitFor();
  const key = await kit.server.as('viewer', ['agents:read']);
  const denied = await kit.open(`${AGENT}/people`, key.token);
  await denied.getByText('people:read').waitFor();
  const viewer = await kit.server.as('viewer');
  const reader = await kit.open(`${AGENT}/people`, viewer.token);
  await reader.getByRole('link', { name: 'Dana Whitfield' }).click();
  await reader.getByRole('region', { name: 'Record' }).waitFor();
  expect(await reader.getByRole('button', { name: /Edit|Delete|Book|Add/ }).count()).toBe(0);
});
