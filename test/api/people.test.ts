import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}/people`;
});

async function add(input: object): Promise<string> {
  const { status, body } = await server.owner.post(path, input);
  expect(status, JSON.stringify(body)).toBe(201);
  return String(body.id);
}

describe('a person', () => {
  it('is created, read, changed and removed', async () => {
    const created = await server.owner.post(path, { firstName: 'Ada', phone: '+1 (415) 555-0132' });
    expect(created.status).toBe(201);
    const person = `${path}/${created.body.id}`;
    expect(created.headers.get('location')).toBe(`/v1${person}`);
    const { body } = created;
    expect(body).toMatchObject({ fullName: 'Ada', status: 'new', phone: '+14155550132' });
    expect(body.id).toMatch(/^person_[A-Za-z0-9]{20}$/);
    expect((await server.owner.get(person)).body).toEqual(body);
    const patched = await server.owner.patch(person, { lastName: 'Byron', status: 'qualified' });
    expect(patched.body).toMatchObject({ fullName: 'Ada Byron', status: 'qualified' });
    expect((await server.owner.delete(person)).status).toBe(204);
    expectRefusal(await server.owner.get(person), 404, 'person.not_found');
    expectRefusal(await server.owner.delete(person), 404, 'person.not_found');
    expect((await server.owner.get(path)).body).toEqual({ data: [] });
  });

  it.each([
    [{ firstName: 'Ada', lastName: 'Byron' }, { lastName: 'King' }, 'Ada King'],
    [{ fullName: 'Lady L', firstName: 'Ada' }, { lastName: 'King' }, 'Lady L'],
    [{ fullName: 'Lady L', firstName: 'Ada' }, { fullName: null }, 'Ada'],
    [{ firstName: 'Ada' }, { firstName: null }, undefined],
  ])('created as %j and patched by %j has the full name %s', async (input, patch, fullName) => {
    const { body } = await server.owner.patch(`${path}/${await add(input)}`, patch);
    expect(body.fullName).toBe(fullName);
  });

  it('merges custom fields by key; null removes one or all', async () => {
    const person = `${path}/${await add({ customFields: { plan: 'pro', size: '12' } })}`;
    const merged = await server.owner.patch(person, {
      customFields: { size: null, 'Länd 1': 'x' },
    });
    expect(merged.body.customFields).toEqual({ plan: 'pro', 'Länd 1': 'x' });
    const cleared = await server.owner.patch(person, { customFields: null });
    expect(cleared.body).not.toHaveProperty('customFields');
  });

  it('has its own version, for ETag and If-Match', async () => {
    const person = `${path}/${await add({ firstName: 'Ada' })}`;
    const etag = (await server.owner.get(person)).headers.get('etag') ?? '';
    expect((await server.owner.patch(person, { title: 'CEO' }, { 'If-Match': etag })).status).toBe(
      200,
    );
    const stale = await server.owner.patch(person, { title: 'CTO' }, { 'If-Match': etag });
    expectRefusal(stale, 412, 'version.mismatch');
    expect((await server.owner.get(person)).body.title).toBe('CEO');
  });

  it.each<[string, unknown, string?]>([
    ['journal', []],
    ['channel', 'sms'],
    ['channelUserId', '+14155550132'],
    ['outreachState', 'sent'],
    ['assignedRepresentativeId', 'rep_1'],
    ['id', 'person_1'],
    ['status', 'bored'],
    ['status', null],
    ['firstName', ' '],
    ['email', 'nobody'],
    ['phone', '555-0132'],
    ['company', 'x'.repeat(201)],
    ['notes', 'x'.repeat(10_001)],
    ['scheduledCallAt', 'tomorrow'],
    ['scheduledCallTimezone', 'Mars/Olympus'],
    ['scheduledCallTimezone', '+01:00'],
    ['customFields', ['a']],
    ['customFields', { plan: 7 }, 'customFields.plan'],
    ['customFields', { 'a.b': 'x' }, 'customFields.a.b'],
    ['customFields', { plan: 'x'.repeat(2_001) }, 'customFields.plan'],
    ['customFields', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, 'x']))],
  ])('refuses %s: %j, naming it', async (field, value, at = field) => {
    const person = `${path}/${await add({ firstName: 'Ada' })}`;
    const answer = await server.owner.patch(person, { [field]: value, title: 'CEO' });
    expectRefusal(answer, 400, 'request.invalid', [at]);
    expect((await server.owner.get(person)).body).not.toHaveProperty('title');
  });

  it('refuses __proto__ as a custom field', async () => {
    const body = '{"customFields": {"__proto__": "x"}}';
    const answer = await server.owner.post(path, body);
    expectRefusal(answer, 400, 'request.invalid', ['customFields.__proto__']);
  });

  it('belongs to its agent and is not found under another', async () => {
    const id = await add({ firstName: 'Ada' });
    const other = await server.owner.createAgent();
    expectRefusal(
      await server.owner.get(`/orgs/acme/agents/${other}/people/${id}`),
      404,
      'person.not_found',
    );
    expectRefusal(await server.owner.get('/orgs/acme/agents/none/people'), 404, 'agent.not_found');
  });

  it('is readable only with the scope people:read', async () => {
    const id = await add({ firstName: 'Ada' });
    const reader = await server.as('viewer', ['people:read']);
    expect((await reader.get(`${path}/${id}`)).status).toBe(200);
    const stranger = await server.as('editor', ['agents:write']);
    expectRefusal(await stranger.get(`${path}/${id}`), 403, 'auth.scope_missing');
    expectRefusal(await reader.delete(`${path}/${id}`), 403, 'auth.role_insufficient');
  });
});

describe('the list of people', () => {
  const names = (body: Record<string, unknown>) =>
    (body.data as { fullName: string }[]).map(({ fullName }) => fullName);

  async function scan(query: string): Promise<string[]> {
    const all: string[] = [];
    let token: unknown;
    do {
      const after = token ? `&pageToken=${token}` : '';
      const { body } = await server.owner.get(`${path}?${query}${after}`);
      all.push(...names(body));
      token = body.nextPageToken;
    } while (token);
    return all;
  }

  beforeEach(async () => {
    await add({ firstName: 'Ann', lastName: 'Smith', email: 'zed@acme.com', company: 'Annex' });
    await add({ firstName: 'Bob', lastName: 'Annan', status: 'lost', phone: '+14155550132' });
    await add({ fullName: 'Cleo', email: 'ann@x.org', status: 'lost' });
    await add({ fullName: 'Ångström', company: 'Annex' });
  });

  it.each([
    ['q=ann', ['Ann Smith', 'Bob Annan', 'Cleo', 'Ångström']],
    ['q=ANN%20S', ['Ann Smith']],
    ['q=smith', ['Ann Smith']],
    ['q=%2B1%20(415)', ['Bob Annan']],
    ['q=1415', ['Bob Annan']],
    ['q=a%CC%8Angstr', ['Ångström']],
    ['q=ann&status=lost', ['Bob Annan', 'Cleo']],
    ['status=lost', ['Cleo', 'Bob Annan']],
    ['q=nn', []],
    ['', ['Ångström', 'Cleo', 'Bob Annan', 'Ann Smith']],
  ])('%s finds %j, at once and page by page', async (query, expected) => {
    expect(await scan(query)).toEqual(expected);
    expect(await scan(`${query}&limit=1`)).toEqual(expected);
  });

  it.each([
    ['q=', 'q'],
    ['status=bored', 'status'],
    ['limit=201', 'limit'],
  ])('refuses %s, naming %s', async (query, parameter) => {
    expectRefusal(await server.owner.get(`${path}?${query}`), 400, 'request.invalid', [parameter]);
  });

  it('refuses the page token of another query', async () => {
    const { nextPageToken } = (await server.owner.get(`${path}?q=ann&limit=1`)).body;
    const answer = await server.owner.get(`${path}?q=annex&limit=1&pageToken=${nextPageToken}`);
    expectRefusal(answer, 400, 'request.page_token', ['pageToken']);
  });
});

describe('an operator', () => {
  const call = { durationMinutes: 30, prospectTimezone: 'Europe/Paris' };

  it('books, moves and cancels a call, which is the scheduled call until then', async () => {
    const id = await add({ firstName: 'Ada' });
    const calls = `${path}/${id}/appointments`;
    const booked = await server.owner.post(calls, {
      ...call,
      startUtc: '2026-03-01T12:00:00+02:00',
      notes: 'A demo.',
    });
    expect(booked).toMatchObject({
      status: 201,
      body: { startUtc: '2026-03-01T10:00:00.000Z', status: 'scheduled', notes: 'A demo.' },
    });
    const item = `${calls}/${booked.body.id}`;
    expect(booked.headers.get('location')).toMatch(new RegExp(`${item}$`));
    const scheduled = async () => (await server.owner.get(`${path}/${id}`)).body.scheduledCallAt;
    expect(await scheduled()).toBe('2026-03-01T10:00:00.000Z');
    const moved = { startUtc: '2026-03-02T10:00:00Z', reason: 'A trip' };
    expect((await server.owner.post(`${item}/_reschedule`, moved)).body).toMatchObject({
      startUtc: '2026-03-02T10:00:00.000Z',
      status: 'rescheduled',
      history: [{ action: 'created' }, { action: 'rescheduled', reason: 'A trip' }],
    });
    expect(await scheduled()).toBe('2026-03-02T10:00:00.000Z');
    expect((await server.owner.post(`${item}/_cancel`, {})).body.status).toBe('cancelled');
    expect(await scheduled()).toBeUndefined();
  });

  it.each([
    [{ ...call }, 'startUtc'],
    [{ ...call, startUtc: 'tomorrow' }, 'startUtc'],
    [{ ...call, startUtc: '2026-03-01T10:00:00Z', durationMinutes: 0 }, 'durationMinutes'],
    [{ ...call, startUtc: '2026-03-01T10:00:00Z', durationMinutes: 1441 }, 'durationMinutes'],
    [{ ...call, startUtc: '2026-03-01T10:00:00Z', prospectTimezone: 'Mars' }, 'prospectTimezone'],
  ])('cannot book %j', async (body, field) => {
    const id = await add({ firstName: 'Ada' });
    const answer = await server.owner.post(`${path}/${id}/appointments`, body);
    expectRefusal(answer, 400, 'request.invalid', [field]);
  });

  it('adds a line to the journal, by which the version of the person is the next', async () => {
    const id = await add({ firstName: 'Ada' });
    const answer = await server.owner.post(`${path}/${id}/journal`, { text: 'Likes trains.' });
    expect(answer.headers.get('etag')).toBe('"2"');
    const entry = { at: expect.any(String), author: 'operator', text: 'Likes trains.' };
    expect(answer.body.journal).toEqual([entry]);
    const blank = await server.owner.post(`${path}/${id}/journal`, { text: ' ' });
    expectRefusal(blank, 400, 'request.invalid', ['text']);
  });
});

describe('the runtime', () => {
  it('adds journal entries to the person, which a patch keeps', async () => {
    const id = await add({ firstName: 'Ada' });
    const entry = {
      at: '2026-01-01T00:00:00.000Z',
      author: 'agent',
      text: 'Likes trains.',
    } as const;
    await server.services.peopleRuntime.note(WORK, { org: 'acme', id: agent }, id, entry);
    expect((await server.owner.get(`${path}/${id}`)).body.journal).toEqual([entry]);
    await server.owner.patch(`${path}/${id}`, { title: 'CEO' });
    expect((await server.owner.get(`${path}/${id}`)).body.journal).toEqual([entry]);
  });

  it('books appointments, which are listed newest first with their history', async () => {
    const id = await add({ firstName: 'Ada' });
    const ref = { org: 'acme', id: agent };
    const { peopleRuntime } = server.services;
    const call = { durationMinutes: 30, prospectTimezone: 'Europe/Paris' };
    const first = '2026-03-01T10:00:00.000Z';
    const second = '2026-04-01T10:00:00.000Z';
    const third = '2026-05-01T10:00:00.000Z';
    const early = await peopleRuntime.book(WORK, ref, id, { ...call, startUtc: first });
    const late = await peopleRuntime.book(WORK, ref, id, { ...call, startUtc: second });
    await peopleRuntime.reschedule(WORK, ref, id, early.id, third, 'A trip');
    await peopleRuntime.cancel(WORK, ref, id, late.id);
    const { body } = await server.owner.get(`${path}/${id}/appointments`);
    expect(body).toMatchObject({
      data: [
        {
          id: early.id,
          startUtc: third,
          status: 'rescheduled',
          history: [
            { action: 'created', to: first },
            { action: 'rescheduled', from: first, to: third, reason: 'A trip' },
          ],
        },
        {
          id: late.id,
          status: 'cancelled',
          history: [{ action: 'created' }, { action: 'cancelled' }],
        },
      ],
    });
    const person = (await server.owner.get(`${path}/${id}`)).body;
    expect(person).toMatchObject({ scheduledCallAt: third, scheduledCallTimezone: 'Europe/Paris' });
  });
});
