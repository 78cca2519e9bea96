import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let agent: string;
let path: string;
let bindingId: string;

const RCS = {
  channel: 'rcs',
  mode: 'unmanaged',
  provider: 'google-rbm',
  auth: { agentId: 'acme_agent', serviceAccountKey: '{}' },
};
const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString();

beforeAll(async () => {
  server = await startTestServer({ EMBED_BASE_URL: 'https://go.acme.test/' });
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}/outreach-links`;
  const { body } = await server.owner.post(`/orgs/acme/agents/${agent}/channels`, RCS);
  bindingId = body.id as string;
});

async function mint(input: object = {}): Promise<Record<string, unknown>> {
  const { status, body } = await server.owner.post(path, { bindingId, ...input });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const redeem = (code: unknown) => server.services.outreachLinks.redeem(WORK, String(code));

describe('outreach links', () => {
  it('are created with defaults, and listed newest first', async () => {
    const first = await mint();
    expect(first).toEqual({
      id: expect.stringMatching(/^olink_\w+$/),
      code: expect.stringMatching(/^\w{22}$/),
      url: `https://go.acme.test/o/${first.code}`,
      maxUses: 25,
      usesRemaining: 25,
      redemptionCount: 0,
      expiresAt: expect.any(String),
      disabled: false,
      createdAt: expect.any(String),
    });
    const second = await mint({ label: 'QR', maxUses: 500, expiresAt: days(29.9) });
    expect(second).toMatchObject({ label: 'QR', maxUses: 500, usesRemaining: 500 });
    const all = await server.owner.get(path);
    expect(all.body).toEqual({ data: [second, first] });
    const page = await server.owner.get(`${path}?limit=1`);
    expect(page.body).toEqual({ data: [second], nextPageToken: expect.any(String) });
    const next = await server.owner.get(`${path}?limit=1&pageToken=${page.body.nextPageToken}`);
    expect(next.body).toEqual({ data: [first] });
  });

  it.each([
    [{ bindingId: undefined }, ['bindingId']],
    [{ bindingId: 'chan_none' }, ['bindingId']],
    [{ maxUses: 0 }, ['maxUses']],
    [{ maxUses: 501 }, ['maxUses']],
    [{ maxUses: 1.5 }, ['maxUses']],
    [{ expiresAt: days(-1) }, ['expiresAt']],
    [{ expiresAt: days(30.1) }, ['expiresAt']],
    [{ expiresAt: 'tomorrow' }, ['expiresAt']],
    [{ label: ' ', code: 'mine' }, ['code', 'label']],
  ])('refuse %j, with the message under `error` too', async (input, paths) => {
    const answer = await server.owner.post(path, { bindingId, ...input });
    expectRefusal(answer, 400, 'request.invalid', paths);
    expectError(answer);
  });

  it('refuse a binding of another channel or of another agent', async () => {
    const { body } = await server.owner.get(`/orgs/acme/agents/${agent}/channels`);
    const [webchat] = body.data as { id: string }[];
    for (const at of [
      path,
      `/orgs/acme/agents/${await server.owner.createAgent()}/outreach-links`,
    ]) {
      const input = { bindingId: at === path ? webchat?.id : bindingId };
      expectError(await server.owner.post(at, input));
    }
  });

  it.each([
    ['POST', '', 'not json', 'request.malformed'],
    ['PATCH', '/olink_x', { disabled: true, label: 'x' }, 'request.invalid'],
    ['PATCH', '/olink_x', {}, 'request.invalid'],
    ['GET', '?limit=0', undefined, 'request.invalid'],
    ['GET', '?pageToken=abc', undefined, 'request.page_token'],
  ])('refuse %s%s of %j with the message under `error` too', async (method, at, body, code) => {
    const answer = await server.owner.request(method, `/v1${path}${at}`, body);
    expectRefusal(answer, 400, code);
    expectError(answer);
  });

  it('have no `error` in an answer other than 400', async () => {
    const answer = await server.owner.patch(`${path}/olink_none`, { disabled: true });
    expectRefusal(answer, 404, 'outreach_link.not_found');
    expect(answer.body).not.toHaveProperty('error');
  });

  it('keep their uses when they are paused and resumed', async () => {
    const { id, code } = await mint({ maxUses: 3 });
    await redeem(code);
    const paused = await server.owner.patch(`${path}/${id}`, { disabled: true });
    expect(paused.body).toMatchObject({ disabled: true, usesRemaining: 2, redemptionCount: 1 });
    await expect(redeem(code)).rejects.toMatchObject({ code: 'outreach_link.disabled' });
    const resumed = await server.owner.patch(`${path}/${id}`, { disabled: false });
    expect(resumed.body).toMatchObject({ disabled: false, usesRemaining: 2 });
    expect(await redeem(code)).toMatchObject({ org: 'acme', agentId: agent, bindingId });
  });

  it('are redeemed exactly maxUses times by concurrent requests', async () => {
    const { id, code } = await mint({ maxUses: 5 });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => redeem(code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    for (const it of tries) {
      if (it.status === 'rejected')
        expect(it.reason).toMatchObject({ code: 'outreach_link.used_up' });
    }
    const [link] = (await server.owner.get(path)).body.data as Record<string, unknown>[];
    expect(link).toMatchObject({ id, usesRemaining: 0, redemptionCount: 5 });
  });

  it('cannot be redeemed once they are deleted', async () => {
    const { id, code } = await mint();
    const { status, body } = await server.owner.delete(`${path}/${id}`);
    expect({ status, body }).toEqual({ status: 204, body: '' });
    expectRefusal(await server.owner.delete(`${path}/${id}`), 404, 'outreach_link.not_found');
    expect((await server.owner.get(path)).body).toEqual({ data: [] });
    await expect(redeem(code)).rejects.toMatchObject({ code: 'outreach_link.not_found' });
  });

  it('cannot be redeemed while their channel is disabled, or once their agent is deleted', async () => {
    const { code } = await mint();
    const channel = `/orgs/acme/agents/${agent}/channels/${bindingId}`;
    await server.owner.post(`${channel}/_disable`);
    await expect(redeem(code)).rejects.toMatchObject({ code: 'outreach_link.channel_inactive' });
    await server.owner.post(`${channel}/_enable`);
    await redeem(code);
    await server.owner.delete(`/orgs/acme/agents/${agent}`);
    await expect(redeem(code)).rejects.toMatchObject({ code: 'outreach_link.not_found' });
  });

  it.each(['', 'x', 'a/b', '../acme', 'é'.repeat(22), 'x'.repeat(5_000)])(
    'cannot be redeemed by the code %j',
    async (code) => {
      await expect(redeem(code)).rejects.toMatchObject({ code: 'outreach_link.not_found' });
    },
  );

  it('are read over GraphQL, with the id of their binding', async () => {
    const { id } = await mint();
    const read = await server.owner.query(
      `query ($agent: ID!, $id: ID!) {
        org(id: "acme") { agent(id: $agent) { outreachLink(id: $id) { id bindingId disabled } } }
      }`,
      { agent, id },
    );
    expect(read).toEqual({ org: { agent: { outreachLink: { id, bindingId, disabled: false } } } });
  });
});

function expectError({ status, body }: Answer): void {
  expect(status).toBe(400);
  expect(body.error).toBe(body.message);
}
