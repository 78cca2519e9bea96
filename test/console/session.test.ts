import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const AGENTS = '/console/orgs/acme/agents';

it('keeps the key in the tab alone', async () => {
  const page = await kit.open(AGENTS, kit.server.owner.token);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  const { token = '' } = kit.server.owner;
  expect(await page.evaluate('JSON.stringify({ ...localStorage })')).not.toContain(token);
  expect(await page.context().cookies()).toEqual([]);
  const other = await page.context().newPage();
  await other.goto(kit.server.url + AGENTS);
  await page.getByRole('button', { name: 'Account' }).click();
  await kit.look(page, 'account-menu');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain(token);
});

it('explains that a key was revoked while it was open, and continues at the same place', async () => {
  const key = await kit.server.as('viewer');
  const page = await kit.open(`${AGENTS}/acme-demo`, key.token);
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
  const { body } = await kit.server.owner.get('/orgs/acme/api-keys');
  const keys = body.data as readonly { readonly id: string; readonly name: string }[];
  const id = keys.find(({ name }) => name === 'viewer')?.id;
  await kit.server.owner.delete(`/orgs/acme/api-keys/${id}`);
  kit.expectError('401');
  const explained = page.getByText('You were signed out');
  // The first request is refused: that of the click, or one of a view that was still loading.
  await page.getByRole('link', { name: 'Agents' }).or(explained).first().click();
  await explained.waitFor();
  await kit.look(page, 'signed-out');
  const place = page.url();
  await page.getByLabel('API key', { exact: true }).fill(kit.server.owner.token ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('main').getByText('Acme demo', { exact: true }).waitFor();
  expect(page.url()).toBe(place);
});

it('says that the server does not answer, and continues when it does', async () => {
  const page = await kit.open(AGENTS, kit.server.owner.token);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  kit.expectError('ERR_CONNECTION_REFUSED');
  kit.expectError('ERR_FAILED');
  const gone = ['**/graphql', '**/livez'];
  for (const path of gone) await page.route(path, (route) => route.abort('connectionrefused'));
  await page.getByRole('searchbox').fill('acme');
  await page.getByRole('alert').waitFor();
  await kit.look(page, 'unreachable');
  for (const path of gone) await page.unroute(path);
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
});

it('remembers the colour scheme', async () => {
  const page = await kit.open(AGENTS, kit.server.owner.token);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' });
  await page.reload();
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' });
});
