import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { OIDC_CONSOLE, type OidcServer, startOidc } from '../kit/oidc.ts';
import { WORK } from '../kit/work.ts';
import { consoleKit } from './kit.ts';

const AGENT = '/console/orgs/acme/agents/acme-demo';
const MEMBER = { sub: 'operator-1', email: 'operator@acme.com', emailVerified: true };
/** The console renews a token a minute before its end: this one at once. */
const SHORT_SECONDS = 61;

const environment: Record<string, string> = {};
let oidc: OidcServer;
beforeAll(async () => {
  oidc = await startOidc();
  Object.assign(environment, { OIDC_ISSUER: oidc.issuer, OIDC_AUDIENCE: OIDC_CONSOLE });
});
afterAll(() => oidc.stop());
const kit = consoleKit(environment);
beforeAll(async () => {
  kit.expectHost(new URL(oidc.issuer).host);
  await kit.server.services.members.set(WORK, 'acme', MEMBER.email, 'editor');
});
beforeEach(() => {
  oidc.answer = 'approve';
  oidc.user = MEMBER;
  oidc.idTokenSeconds = 3600;
});

const signIn = (page: Page) => page.getByRole('button', { name: 'Sign in with 127.0.0.1' }).click();
const stored = (page: Page) => page.evaluate('JSON.stringify({ ...sessionStorage })');
const renewals = () => oidc.requests.filter((it) => it === 'POST /token').length;

it('signs a user in at the provider, and shows the place that was asked for', async () => {
  const page = await kit.open(AGENT);
  await page.getByRole('button', { name: 'Sign in with 127.0.0.1' }).waitFor();
  await kit.look(page, 'sign-in-provider');
  await signIn(page);
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(AGENT);
  expect(await page.evaluate('JSON.stringify({ ...localStorage })')).not.toMatch(/eyJ|agent-api/);
  await page.reload();
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByText('Editor').waitFor();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await stored(page)).not.toContain('eyJ');
  await expect.poll(() => oidc.requests).toContain('POST /token/revocation');
});

it('renews the token before it ends', async () => {
  oidc.idTokenSeconds = SHORT_SECONDS;
  const before = renewals();
  const page = await kit.open(AGENT);
  await signIn(page);
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
  await expect.poll(renewals, { timeout: 60_000 }).toBeGreaterThan(before + 2);
  oidc.idTokenSeconds = 3600;
  await page.getByRole('link', { name: 'Agents' }).first().click();
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
});

it('explains that the session ended where the provider renews it no longer', async () => {
  oidc.idTokenSeconds = SHORT_SECONDS;
  kit.expectError('400');
  const page = await kit.open(AGENT);
  await signIn(page);
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
  await oidc.revokeGrants();
  await page.getByText('Your session has ended').waitFor();
  await kit.look(page, 'session-ended');
});

it('shows why the provider refused', async () => {
  oidc.answer = 'refuse';
  const page = await kit.open(AGENT);
  await signIn(page);
  await page.getByRole('alert').getByText('the operator said no').waitFor();
  await kit.look(page, 'sign-in-refused');
  oidc.answer = 'approve';
  await signIn(page);
  await page.getByRole('link', { name: 'Acme demo' }).waitFor();
});

it('refuses an answer of the provider that the tab did not ask for', async () => {
  const page = await kit.open('/console/sign-in?code=stolen&state=guessed');
  await page.getByText('This sign-in cannot be completed').waitFor();
  expect(await stored(page)).not.toContain('agent-api:key');
});

it('refuses an answer with another state', async () => {
  const page = await kit.open(AGENT);
  const answer = new URL('/console/sign-in?code=stolen&state=guessed', kit.server.url).href;
  await page.route(`${oidc.issuer}/auth?**`, (route) =>
    route.fulfill({ status: 303, headers: { Location: answer } }),
  );
  await signIn(page);
  await page.getByText('This sign-in cannot be completed').waitFor();
  expect(await stored(page)).not.toContain('agent-api:key');
});

it('says to a user of the provider who is no member that an admin can add them', async () => {
  oidc.user = { sub: 'stranger', email: 'stranger@example.com', emailVerified: true };
  const page = await kit.open('/console');
  await signIn(page);
  await page.getByText('You belong to no org').waitFor();
});

it('says that the provider does not answer', async () => {
  const page = await kit.open(AGENT);
  await page.getByRole('button', { name: 'Sign in with 127.0.0.1' }).waitFor();
  kit.expectError('ERR_CONNECTION_REFUSED');
  await oidc.pause();
  await signIn(page);
  await page.getByText('The sign-in service does not answer').waitFor();
  await oidc.resume();
  await signIn(page);
  await page.getByRole('heading', { name: 'Acme demo' }).waitFor();
});
