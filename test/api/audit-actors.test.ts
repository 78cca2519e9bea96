import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../src/audit/entries.ts';
import { memberId } from '../../src/members/collection.ts';
import { Client } from '../kit/client.ts';
import { CALENDAR, type OAuthBench, startOAuthBench } from '../kit/oauth.ts';
import { OIDC_CLIENT, type OidcServer, startOidc } from '../kit/oidc.ts';
import { startReceiver } from '../kit/receiver.ts';
import { WORK } from '../kit/work.ts';

const HOUR_MS = 3_600_000;

let oidc: OidcServer;
let bench: OAuthBench;
beforeAll(async () => {
  oidc = await startOidc();
  bench = await startOAuthBench({
    OIDC_ISSUER: oidc.issuer,
    OIDC_AUDIENCE: OIDC_CLIENT.id,
    WEBHOOK_ALLOW_PRIVATE: '1',
  });
});
afterAll(async () => {
  await bench.stop();
  await oidc.stop();
});

async function last(filter: Readonly<Record<string, string>>): Promise<AuditEntry | undefined> {
  const query = new URLSearchParams({ ...filter, limit: '1' });
  const { status, body } = await bench.server.owner.get(`/orgs/acme/audit-log?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return (body.data as AuditEntry[])[0];
}

it('shows a user who signed in, by GraphQL, and the service that binds the membership', async () => {
  const member = await bench.server.services.members.set(WORK, 'acme', 'ada@acme.com', 'admin');
  const user = { sub: 'ada', email: 'ada@acme.com', emailVerified: true };
  const ada = new Client(bench.server.url, await oidc.idToken(user));
  await ada.query('mutation { updateOrg(org: "acme", input: { name: "Acme Inc" }) { id } }');
  expect(await last({ resourceType: 'org', resourceId: 'acme' })).toMatchObject({
    actor: { kind: 'user', id: 'ada' },
    door: 'graphql',
    requestId: expect.any(String),
    action: 'org.updated',
  });
  const bound = await last({ resourceType: 'member', resourceId: memberId(member) });
  expect(bound).toMatchObject({
    actor: { kind: 'system', id: 'sign-in' },
    door: 'system',
    action: 'member.updated',
  });
  expect(bound).not.toHaveProperty('requestId');
});

it('shows who started a grant as the author of its completion', async () => {
  const { oauth, agent } = await bench.bindCalendar();
  const starter = await bench.server.as('editor');
  const { body } = await starter.post(`${oauth}/start`, {});
  const { body: created } = await bench.server.owner.get('/orgs/acme/api-keys?limit=1');
  const [key] = created.data as { id: string }[];
  await bench.visitCallback(await bench.oidc.browse(body.authorizationUrl as string));
  expect(await last({ action: 'tool.connected' })).toMatchObject({
    actor: { kind: 'apiKey', id: key?.id, name: 'editor' },
    door: 'rest',
    resource: { type: 'tool', id: CALENDAR, agentId: agent },
    version: 3,
    sections: ['toolBindings'],
  });
});

it('shows once that the provider ended a grant', async () => {
  const { oauth, agent } = await bench.bindCalendar();
  await bench.connect(oauth);
  await bench.oidc.revokeGrants();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * HOUR_MS });
  try {
    for (let i = 0; i < 2; i += 1) {
      const { body } = await bench.server.owner.get(`${oauth}/status`);
      expect(body.state).toBe('revoked');
    }
    const { body } = await bench.server.owner.get(
      `/orgs/acme/audit-log?action=tool.disconnected&resourceId=${agent}`,
    );
    expect(body.data).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        actor: { kind: 'system', id: 'oauth-renewal' },
        door: 'system',
        action: 'tool.disconnected',
        actions: ['tool.disconnected'],
        resource: { type: 'tool', id: CALENDAR, agentId: agent },
      },
    ]);
  } finally {
    vi.useRealTimers();
  }
});

it('shows the service that pauses a webhook whose receiver is gone', async () => {
  const receiver = await startReceiver();
  receiver.answer = 410;
  try {
    const { body } = await bench.server.owner.post('/orgs/acme/webhooks', {
      url: receiver.url,
      events: ['agent.created'],
    });
    await bench.server.owner.createAgent();
    const filter = { resourceType: 'webhook', resourceId: String(body.id) };
    await expect.poll(async () => (await last(filter))?.action).toBe('webhook.updated');
    expect(await last(filter)).toMatchObject({ actor: { kind: 'system' }, door: 'system' });
  } finally {
    await receiver.stop();
  }
});
