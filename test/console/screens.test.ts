import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleKit } from './kit.ts';
import { routedScreens, type Screen, screensOf } from './screens.ts';

const kit = consoleKit();

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
/** A “good” page has at most 0.1. */
const MAX_SHIFT = 0.02;

/** The answer of a server that cannot read its store. */
const FAILURE = {
  data: null,
  errors: [
    {
      message: 'the disk of the store is full.',
      extensions: { code: 'internal', statusCode: 500 },
    },
  ],
};

/** The field of the overview's traffic. */
const PART = ['org', 'activity'];

it('knows every screen that a route leads to', async () => {
  const screens = await screensOf(kit.server);
  expect(Object.keys(screens).sort()).toEqual([...routedScreens()].sort());
});

it('moves nothing while a screen loads', async () => {
  const found = await Promise.all(
    Object.entries({ wide: WIDE, narrow: NARROW }).map(([size, viewport]) =>
      shifts(size, viewport),
    ),
  );
  expect(found.flat().filter(({ score }) => score > MAX_SHIFT)).toEqual([]);
});

it('shows that a screen loads, and why it could not be loaded, and loads it again', async () => {
  kit.expectError('500');
  const page = await kit.open('/console', kit.server.owner.token);
  const problem = page.getByRole('heading', { name: 'This could not be loaded' });
  const isLoading = page.locator('main [aria-busy="true"]');
  for (const [name, { path, reads }] of Object.entries(await screensOf(kit.server))) {
    let seen = '';
    await page.route('**/graphql', async (route) => {
      if (!isOf(route, reads)) return route.continue();
      await isLoading.first().waitFor();
      seen = name;
      await route.fulfill({ status: 500, json: FAILURE });
    });
    await page.goto(`${kit.server.url}/console/orgs/acme${path}`);
    await problem.waitFor();
    expect(seen).toBe(name);
    await page.getByText('The disk of the store is full.').waitFor();
    if (name === 'AgentsScreen') await kit.look(page, 'agents-failed');
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await problem.waitFor({ state: 'detached' });
    await expect.poll(() => isLoading.count()).toBe(0);
  }
});

it('loads a part of a screen again', async () => {
  const { errors } = FAILURE;
  const failed = { data: { org: { activity: null } }, errors: [{ ...errors[0], path: PART }] };
  const page = await kit.open('/console', kit.server.owner.token);
  await page.route('**/graphql', (route) =>
    isOf(route, 'TrafficOfWeek') ? route.fulfill({ json: failed }) : route.continue(),
  );
  await page.goto(`${kit.server.url}/console/orgs/acme/agents/acme-demo`);
  const part = page.getByRole('region', { name: 'Messages of the last 7 days' });
  await part.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
  await page.unroute('**/graphql');
  await part.getByRole('button', { name: 'Try again' }).click();
  await part.getByRole('listitem').first().waitFor();
});

it('explains that a screen may not be seen', async () => {
  const { ConversationsScreen, EditScreen, PeopleScreen, PersonScreen, ThreadScreen, ...others } =
    await screensOf(kit.server);
  const ofPeople = { ConversationsScreen, PeopleScreen, PersonScreen, ThreadScreen };
  // Every member of an org may read its settings.
  const { SettingsScreen: _, ...denied } = others;
  await expectDenied(await kit.server.as('viewer', []), denied);
  await expectDenied(await kit.server.as('viewer', ['agents:read']), { EditScreen, ...ofPeople });
});

async function expectDenied(
  { token }: { readonly token: string | undefined },
  screens: Readonly<Record<string, Screen | undefined>>,
): Promise<void> {
  const page = await kit.open('/console', token);
  for (const screen of Object.values(screens)) {
    await page.goto(`${kit.server.url}/console/orgs/acme${screen?.path}`);
    await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  }
}

/** The shifts of each screen, whose parts are answered apart from each other, the last one first. */
async function shifts(size: string, viewport: typeof WIDE) {
  const page = await kit.open('/console', kit.server.owner.token, viewport);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
  const held: Route[] = [];
  await page.route('**/graphql', (route) => void held.push(route));
  const found = [];
  for (const [name, { path, reads }] of Object.entries(await screensOf(kit.server))) {
    await page.goto(`${kit.server.url}/console/orgs/acme${path}`);
    await answerEach(page, held, reads);
    found.push({ view: `${name}, ${size}`, ...(await kit.shiftsOf(page)) });
  }
  return found;
}

/** Answers one request at a time, until nothing is asked for any more. */
async function answerEach(page: Page, held: Route[], reads: string): Promise<void> {
  const QUIET = 3;
  let isRead = false;
  for (let quiet = 0; quiet < QUIET; quiet += 1) {
    const route = held.pop();
    if (route) {
      isRead ||= isOf(route, reads);
      await answer(route);
    }
    await drawn(page);
    const isBusy = (await page.locator('[aria-busy="true"]').count()) > 0;
    if (route || isBusy || !isRead) quiet = 0;
  }
}

async function answer(route: Route): Promise<void> {
  const isStream = route.request().headers().accept === 'text/event-stream';
  if (isStream) await route.continue();
  else await route.fulfill({ response: await route.fetch() });
}

function isOf(route: Route, operation: string): boolean {
  return new RegExp(`query ${operation}\\b`).test(route.request().postDataJSON().query);
}

/** Resolves when the view was drawn with what has arrived. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))');
}
