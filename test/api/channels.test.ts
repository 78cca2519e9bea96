import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let agent: string;
let path: string;

const RCS = { channel: 'rcs', mode: 'managed', inputs: { brandName: 'Acme Health' } };
const auth = { accountSid: 'AC1', authToken: 'tok-one', phoneNumber: '+14155550132' };
const SMS = { channel: 'sms', mode: 'unmanaged', provider: 'twilio', auth };

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent({
    name: 'Acme SDR',
    identity: { brandColor: '#1a73e8', contactEmail: 'hi@acme.com' },
  });
  path = `/orgs/acme/agents/${agent}/channels`;
});

/** Binds a channel. @returns its id */
async function bind(input: object): Promise<string> {
  const { status, body } = await server.owner.post(path, input);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as string;
}

async function list(): Promise<Record<string, unknown>[]> {
  return (await server.owner.get(path)).body.data as Record<string, unknown>[];
}

/** Moves a binding through these states, as an operator of the service does. */
function sysop(id: string, ...states: ('Provisioning' | 'Active')[]) {
  return states.reduce(
    (before, to) =>
      before.then(() =>
        server.services.channels.move(WORK, { org: 'acme', id: agent }, id, { to, actor: 'sysop' }),
      ),
    Promise.resolve<unknown>(undefined),
  );
}

describe('channels', () => {
  it('include an active web chat in the colours of a new agent', async () => {
    expect(await list()).toEqual([
      {
        id: expect.stringMatching(/^chan_[\w-]+$/),
        agentId: agent,
        channel: 'webchat',
        mode: 'managed',
        status: 'Active',
        events: [{ at: expect.any(String), to: 'Active', actor: 'system' }],
        inputs: { brandColor: '#1a73e8' },
      },
    ]);
  });

  it('are requested with inputs from the identity, and found by list, id and Location', async () => {
    const { status, body, headers } = await server.owner.post(path, RCS);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^chan_/),
      agentId: agent,
      channel: 'rcs',
      mode: 'managed',
      status: 'Requested',
      events: [{ at: expect.any(String), to: 'Requested', actor: 'operator' }],
      inputs: { brandName: 'Acme Health', brandColor: '#1a73e8', contactEmail: 'hi@acme.com' },
    });
    expect(headers.get('location')).toBe(`/v1${path}/${body.id}`);
    expect((await server.owner.get(`${path}/${body.id}`)).body).toEqual(body);
    expect((await list()).at(-1)).toEqual(body);
  });

  it('on the customer’s own account are Active, and never show its credentials', async () => {
    const { body } = await server.owner.post(path, SMS);
    expect(body).toMatchObject({ status: 'Active', provider: 'twilio', routingId: '+14155550132' });
    const read = await server.owner.get(path);
    const exported = await server.owner.query(
      `query ($agent: ID!) { org(id: "acme") { agent(id: $agent) { channels { id inputs } } } }`,
      { agent },
    );
    expect(JSON.stringify([body, read.body, exported])).not.toMatch(/tok-one|AC1/);
  });

  it.each([
    [{ ...RCS, inputs: { brandName: '', soup: 1 } }, ['inputs.brandName', 'inputs.soup']],
    [{ ...RCS, inputs: [] }, ['inputs']],
    [{ ...RCS, mode: 'own' }, ['mode']],
    [{ ...RCS, status: 'Active' }, ['status']],
    [{ ...RCS, auth }, ['auth']],
    [{ channel: 'pigeon', mode: 'managed' }, ['channel']],
    [{ ...SMS, provider: 'acme' }, ['provider']],
    [{ ...SMS, inputs: {} }, ['inputs']],
    [{ ...SMS, auth: { ...auth, accountSid: 'XX', x: 1 } }, ['auth.accountSid', 'auth.x']],
    [{ ...SMS, channel: 'webchat' }, ['mode']],
  ])('refuse %j', async (input, paths) => {
    expectRefusal(await server.owner.post(path, input), 400, 'request.invalid', paths);
    expect(await list()).toHaveLength(1);
  });

  it('accept one live binding each, even from concurrent requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => server.owner.post(path, i % 2 ? RCS : rcsWithAccount)),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(11);
    for (const answer of refused) expectRefusal(answer, 409, 'channel.already_bound');
    expect((await list()).map(({ channel }) => channel)).toEqual(['webchat', 'rcs']);
  });

  it('can be disabled and enabled, but not before they are Active', async () => {
    const sms = `${path}/${await bind(SMS)}`;
    for (const action of ['_disable', '_disable']) {
      const { status, body } = await server.owner.post(`${sms}/${action}`);
      expect({ status, is: body.status }).toEqual({ status: 200, is: 'Disabled' });
    }
    const { body } = await server.owner.post(`${sms}/_enable`);
    expect(body.status).toBe('Active');
    expect(body.events).toEqual([
      { at: expect.any(String), to: 'Active', actor: 'operator' },
      { at: expect.any(String), from: 'Active', to: 'Disabled', actor: 'operator' },
      { at: expect.any(String), from: 'Disabled', to: 'Active', actor: 'operator' },
    ]);
    const rcs = `${path}/${await bind(RCS)}`;
    expectRefusal(await server.owner.post(`${rcs}/_enable`), 409, 'channel.move_refused');
    expectRefusal(await server.owner.post(`${rcs}/_disable`), 409, 'channel.move_refused');
  });

  it('return their last state when they are removed, and can be bound again', async () => {
    const id = await bind(SMS);
    const before = (await server.owner.get(`${path}/${id}`)).body;
    const { status, body } = await server.owner.delete(`${path}/${id}`);
    expect({ status, body }).toEqual({ status: 200, body: before });
    expectRefusal(await server.owner.get(`${path}/${id}`), 404, 'channel.not_found');
    expect(await bind(SMS)).not.toBe(id);
  });

  it('are Active on request when they need no provisioning', async () => {
    const [webchat] = await list();
    expect((await server.owner.delete(`${path}/${webchat?.id}`)).status).toBe(200);
    const inputs = { allowedOrigins: ['https://www.acme.com'] };
    const { body } = await server.owner.post(path, { channel: 'webchat', mode: 'managed', inputs });
    expect(body).toMatchObject({
      status: 'Active',
      events: [{ to: 'Active', actor: 'operator' }],
      inputs: { ...inputs, brandColor: '#1a73e8' },
    });
    expect(body.id).not.toBe(webchat?.id);
  });

  it('are restored from the archive when managed RCS is requested again', async () => {
    const id = await bind(RCS);
    await sysop(id, 'Provisioning', 'Active');
    expect((await server.owner.delete(`${path}/${id}`)).body.status).toBe('Active');
    const { body } = await server.owner.post(path, { channel: 'rcs', mode: 'managed' });
    expect(body).toMatchObject({ id, status: 'Active', inputs: { brandName: 'Acme Health' } });
    expect((body.events as unknown[]).length).toBe(4);
  });

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/_enable'],
    ['POST', '/_disable'],
  ])('answer 404 to %s%s when they do not exist', async (method, action) => {
    const body = method === 'PATCH' ? {} : undefined;
    const answer = await server.owner.request(method, `/v1${path}/chan_none${action}`, body);
    expectRefusal(answer, 404, 'channel.not_found');
  });
});

const rcsWithAccount = {
  channel: 'rcs',
  mode: 'unmanaged',
  provider: 'google-rbm',
  auth: { agentId: 'a', serviceAccountKey: '{}' },
};

describe('a patch of a channel', () => {
  it('changes any of delivery, compliance and inputs, and null clears', async () => {
    const rcs = `${path}/${await bind(RCS)}`;
    const { body } = await server.owner.patch(rcs, {
      delivery: { minMessageDelayMs: 1000 },
      compliance: { enabled: true },
      inputs: { countries: ['US'], contactEmail: null },
    });
    expect(body).toMatchObject({
      delivery: { minMessageDelayMs: 1000 },
      compliance: { enabled: true },
      inputs: { brandName: 'Acme Health', brandColor: '#1a73e8', countries: ['US'] },
    });
    expect(body.inputs).not.toHaveProperty('contactEmail');
    const cleared = await server.owner.patch(rcs, { delivery: null, compliance: null });
    expect(Object.keys(cleared.body)).toEqual(
      Object.keys(body).filter((key) => key !== 'delivery' && key !== 'compliance'),
    );
  });

  it.each([
    [RCS, { delivery: { minMessageDelayMs: 249 } }, ['delivery.minMessageDelayMs']],
    [RCS, { delivery: { minMessageDelayMs: 3001 } }, ['delivery.minMessageDelayMs']],
    [RCS, { compliance: { enabled: 'yes' } }, ['compliance.enabled']],
    [RCS, { status: 'Active' }, ['status']],
    [RCS, { auth: { token: 'x' } }, ['auth']],
    [RCS, { inputs: { soup: 1 } }, ['inputs.soup']],
    [SMS, { inputs: { brandName: 'A' } }, ['inputs']],
    [SMS, { auth: { authToken: '', soup: 1 } }, ['auth.authToken', 'auth.soup']],
    [SMS, { auth: null }, ['auth']],
    [{ channel: 'slack', mode: 'managed' }, { compliance: { enabled: true } }, ['compliance']],
    [{ channel: 'slack', mode: 'managed' }, { compliance: null }, ['compliance']],
  ])('of %o is refused when it is %j', async (input, patch, paths) => {
    const item = `${path}/${await bind(input)}`;
    const before = (await server.owner.get(item)).body;
    expectRefusal(await server.owner.patch(item, patch), 400, 'request.invalid', paths);
    expect((await server.owner.get(item)).body).toEqual(before);
  });

  it('of inputs is refused once the channel is in service', async () => {
    const id = await bind(RCS);
    await sysop(id, 'Provisioning', 'Active');
    const answer = await server.owner.patch(`${path}/${id}`, { inputs: { brandName: 'New' } });
    expectRefusal(answer, 409, 'channel.inputs_settled');
  });

  it('of inputs changes a web chat in service: it needs no provisioning', async () => {
    const [webchat] = await list();
    const item = `${path}/${webchat?.id}`;
    const inputs = { allowedOrigins: ['https://www.acme.com'], brandColor: null };
    const { status, body } = await server.owner.patch(item, { inputs });
    expect(status, JSON.stringify(body)).toBe(200);
    const { inputs: _, ...rest } = webchat ?? {};
    expect(body).toEqual({ ...rest, inputs: { allowedOrigins: ['https://www.acme.com'] } });
    await server.owner.post(`${item}/_disable`);
    const cleared = await server.owner.patch(item, { inputs: null });
    expect(cleared.body).toMatchObject({ status: 'Disabled' });
    expect(cleared.body).not.toHaveProperty('inputs');
  });

  it('of credentials is merged into them, one patch after another', async () => {
    const sms = `${path}/${await bind(SMS)}`;
    const patches = ['+14155550100', '+14155550101', '+14155550102'].map((phoneNumber) =>
      server.owner.patch(sms, { auth: { phoneNumber } }),
    );
    const answers = await Promise.all([
      ...patches,
      server.owner.patch(sms, { auth: { messagingServiceSid: 'MG1' } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    // The required credentials are still stored, or this patch would be refused.
    const { status, body } = await server.owner.patch(sms, { auth: { messagingServiceSid: null } });
    expect(status).toBe(200);
    expect(body.routingId).toMatch(/^\+1415555010[012]$/);
    expect(JSON.stringify(answers.map((it) => it.body))).not.toContain('tok-one');
  });
});
