import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerKey } from '../../src/agents/collection.ts';
import { SecretUnreadable } from '../../src/secrets/keyring.ts';
import { SECRETS } from '../../src/secrets/secret-store.ts';
import { ownedKey } from '../../src/secrets/secret-writes.ts';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { CALENDAR } from '../kit/oauth.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { sharedStore } from '../kit/store.ts';
import { WORK } from '../kit/work.ts';

const WEBHOOK = '@anychat/tool.custom-http-webhook';
const CONFIG = { url: 'https://hooks.example.com/in', authHeader: 'Bearer planted-0815' };
const AUTH = { accountSid: 'AC1', authToken: 'tok-one', phoneNumber: '+14155550132' };
const SMS = { channel: 'sms', mode: 'unmanaged', provider: 'twilio', auth: AUTH };
const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');

const shared = sharedStore();
let server: TestServer;
let agent: string;
let path: string;
let sms: string;

const start = (fill: number) =>
  startTestServer({
    ...shared.environment,
    SECRETS_KEY: keyOf(fill),
    ALLOW_UNREADABLE_SECRETS: '1',
  });
const ref = () => ({ org: 'acme', id: agent });
const tool = (id: string) => `${path}/tool-bindings/${encodeURIComponent(id)}`;

interface Found {
  readonly code: string;
  readonly id: string;
  readonly field: string;
}

/** The findings about what is stored as a secret. */
async function unreadable(): Promise<readonly Found[]> {
  const data = await server.owner.query(
    `{ org(id: "acme") { agent(id: "${agent}") { readiness { code id field } } } }`,
  );
  const { readiness } = (data as { org: { agent: { readiness: readonly Found[] } } }).org.agent;
  return readiness.filter(({ code }) => /UNREADABLE|GRANT/.test(code));
}

beforeAll(async () => {
  server = await start(1);
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}`;
  await server.owner.put(tool(WEBHOOK), { config: CONFIG });
  await server.owner.put(tool(CALENDAR), { config: { calendarId: 'sdr@acme.com' } });
  const { oauthGrants, agents } = server.services;
  const owner = ownerKey(await agents.get(WORK, ref()));
  const granted = { agent: ref(), owner, toolId: CALENDAR, provider: 'google' };
  await oauthGrants.connect(WORK, granted, { accessToken: 'planted-access' });
  const created = await server.owner.post(`${path}/channels`, SMS);
  expect(created.status).toBe(201);
  sms = String(created.body.id);
});
afterAll(async () => {
  await server.stop();
  await shared.remove();
});

it('readiness names each binding whose stored secret no key opens', async () => {
  expect(await unreadable()).toEqual([]);
  await server.stop();
  server = await start(2);
  const webhook = { code: 'TOOL_SECRET_UNREADABLE', id: WEBHOOK };
  expect(await unreadable()).toEqual([
    { ...webhook, field: `toolBindings[${WEBHOOK}].config.url` },
    { ...webhook, field: `toolBindings[${WEBHOOK}].config.authHeader` },
    { code: 'TOOL_GRANT_FAILING', id: CALENDAR, field: `toolBindings[${CALENDAR}].oauth` },
    { code: 'CHANNEL_CREDENTIALS_UNREADABLE', id: sms, field: `channels[${sms}].auth` },
  ]);
});

it('a grant whose credential no key opens is an error, and not connected', async () => {
  const { body } = await server.owner.get(
    `${path}/tools/${encodeURIComponent(CALENDAR)}/oauth/status`,
  );
  expect(body).toMatchObject({ state: 'error', lastError: expect.stringContaining('decrypted') });
});

it('the prompt withholds what needs such a tool, as readiness reports', async () => {
  const templateId = '@anychat/skill-template.call-booking';
  await server.owner.post(`${path}/skills/import`, { templateId });
  const data = await server.owner.query(
    `{ org(id: "acme") { agent(id: "${agent}") { prompt { withheld { reason toolId } } readiness { code } } } }`,
  );
  expect(data).toMatchObject({
    org: {
      agent: {
        prompt: { withheld: [{ reason: 'TOOL_NOT_READY', toolId: CALENDAR }] },
        readiness: expect.arrayContaining([{ code: 'SKILL_TOOL_NOT_READY' }]),
      },
    },
  });
});

it('the findings end when the secrets are entered again', async () => {
  await server.owner.put(tool(WEBHOOK), { config: CONFIG });
  await server.owner.delete(`${path}/channels/${sms}`);
  await server.owner.post(`${path}/channels`, SMS);
  expect((await unreadable()).map(({ id }) => id)).toEqual([CALENDAR]);
});

it('a secret that the store has lost is a finding, and for the runtime an error, never empty', async () => {
  const bound = await server.services.agents.get(WORK, ref());
  const [id] = Object.values(
    bound.toolBindings?.find(({ toolId }) => toolId === WEBHOOK)?.secrets ?? {},
  ).map((secret) => secret.id);
  await server.stop();
  const open = await openServices(
    readSettings({
      ...shared.environment,
      SECRETS_KEY: keyOf(2),
      ALLOW_UNREADABLE_SECRETS: '1',
    }),
  );
  const secrets = await open.store.collection(SECRETS);
  await open.store.commit(WORK, [secrets.toDelete(ownedKey(ownerKey(bound), id ?? ''))]);
  await open.close();
  server = await start(2);
  expect(await unreadable()).toContainEqual(
    expect.objectContaining({ code: 'TOOL_SECRET_UNREADABLE', id: WEBHOOK }),
  );
  const config = server.services.toolBindings.runtimeConfig(WORK, ref(), WEBHOOK);
  await expect(config).rejects.toThrow(SecretUnreadable);
});
