import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let agent: string;
let skills: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = `/orgs/acme/agents/${await server.owner.createAgent()}`;
  skills = `${agent}/skills`;
});

type Skill = Record<string, unknown> & { id: string; source: string };

const CALL_BOOKING = '@anychat/skill-template.call-booking';
const CALENDAR = '@anychat/tool.google-calendar';
const SYSTEM = 'escalate-to-human';

async function ownSkills(): Promise<Skill[]> {
  const { body } = await server.owner.get(skills);
  return (body.data as Skill[]).filter(({ source }) => source === 'author');
}

async function create(input: object = { name: 'Small talk', body: 'Be nice.' }): Promise<Skill> {
  const { status, body } = await server.owner.post(skills, input);
  expect(status, JSON.stringify(body)).toBe(201);
  return body as Skill;
}

describe('skills', () => {
  it('include the system skills', async () => {
    const { status, body } = await server.owner.get(skills);
    expect(status).toBe(200);
    const listed = body.data as Skill[];
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.every(({ source, enabled }) => source === 'system' && enabled)).toBe(true);
    const one = await server.owner.get(`${skills}/${SYSTEM}`);
    expect(one.body).toEqual(listed.find(({ id }) => id === SYSTEM));
  });

  it('are created enabled, with a derived id', async () => {
    const { status, headers, body } = await server.owner.post(skills, {
      name: 'Small Talk',
      body: 'Be nice.',
      requiredTools: [CALENDAR],
    });
    const expected = {
      id: 'small-talk',
      name: 'Small Talk',
      body: 'Be nice.',
      enabled: true,
      requiredTools: [CALENDAR],
      source: 'author',
    };
    expect({ status, body }).toEqual({ status: 201, body: expected });
    expect(headers.get('location')).toBe(`/v1${skills}/small-talk`);
    expect((await create({ name: 'small talk', body: 'b' })).id).toBe('small-talk-2');
    expect((await create({ name: '🙂', body: 'b', enabled: false })).enabled).toBe(false);
    expect(await ownSkills()).toHaveLength(3);
  });

  it('are replaced by PUT and merged by PATCH', async () => {
    const { id } = await create({ name: 'a', body: 'b', description: 'c', enabled: false });
    const patched = await server.owner.patch(`${skills}/${id}`, { description: null, body: 'd' });
    expect(patched.body).toEqual({ id, name: 'a', body: 'd', enabled: false, source: 'author' });
    const replaced = await server.owner.put(`${skills}/${id}`, { name: 'e', body: 'f' });
    expect(replaced.body).toEqual({ id, name: 'e', body: 'f', enabled: false, source: 'author' });
    expect((await server.owner.get(`${skills}/${id}`)).body).toEqual(replaced.body);
  });

  it('accept in a PUT what a GET returned', async () => {
    const { body } = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    const read = body.skill as Skill;
    const { status, body: put } = await server.owner.put(`${skills}/${read.id}`, read);
    expect({ status, put }).toEqual({ status: 200, put: read });
  });

  it('can be disabled and enabled', async () => {
    const { id } = await create();
    expect((await server.owner.post(`${skills}/${id}/_disable`)).body).toMatchObject({
      id,
      enabled: false,
    });
    expect((await server.owner.post(`${skills}/${id}/_enable`)).body).toMatchObject({
      id,
      enabled: true,
    });
  });

  it('are also removed from the playbooks that refer to them', async () => {
    const { id } = await create();
    const other = await create();
    await server.owner.post(`${agent}/playbooks`, {
      name: 'p',
      body: 'b',
      skillRefs: [id, other.id, SYSTEM],
    });
    const { status, body } = await server.owner.delete(`${skills}/${id}`);
    expect(status).toBe(200);
    const left = (body.data as Skill[]).filter(({ source }) => source === 'author');
    expect(left).toEqual([other]);
    expect((await server.owner.get(`${agent}/playbooks/p`)).body).toMatchObject({
      skillRefs: [other.id, SYSTEM],
    });
  });

  it.each([
    ['POST', '', { name: ' ', body: 'b' }, 400, 'request.invalid', ['name']],
    ['POST', '', { name: 'a' }, 400, 'request.invalid', ['body']],
    ['POST', '', { name: 'a', body: 'b', config: {} }, 400, 'request.invalid', ['config']],
    ['POST', '', { name: 'a', body: 'b', id: 'No!' }, 400, 'request.invalid', ['id']],
    ['POST', '', { name: 'a', body: 'b', id: 'small-talk' }, 409, 'skill.id_taken', ['id']],
    ['POST', '', { name: 'a', body: 'b', id: SYSTEM }, 409, 'skill.id_taken', ['id']],
    ['POST', '', { name: 'a', body: 'b', source: 'system' }, 400, 'request.invalid', ['source']],
    [
      'PATCH',
      '/small-talk',
      { body: null, enabled: null },
      400,
      'request.invalid',
      ['body', 'enabled'],
    ],
    [
      'PATCH',
      '/small-talk',
      { id: 'x', derivedFrom: null },
      400,
      'request.invalid',
      ['derivedFrom', 'id'],
    ],
    [
      'PUT',
      '/small-talk',
      { name: 'a', body: 'b', id: 'x', source: 'system' },
      400,
      'request.invalid',
      ['id', 'source'],
    ],
    [
      'PUT',
      '/small-talk',
      { name: 'a', body: 'b', derivedFrom: { templateId: 'x', version: '1' } },
      400,
      'request.invalid',
      ['derivedFrom'],
    ],
    ['GET', '/nobody', undefined, 404, 'skill.not_found', undefined],
    ['DELETE', '/nobody', undefined, 404, 'skill.not_found', undefined],
    ['POST', '/nobody/_enable', undefined, 404, 'skill.not_found', undefined],
    ['PUT', `/${SYSTEM}`, { name: 'a', body: 'b' }, 403, 'skill.system_immutable', undefined],
    ['PATCH', `/${SYSTEM}`, { name: 'a' }, 403, 'skill.system_immutable', undefined],
    ['DELETE', `/${SYSTEM}`, undefined, 403, 'skill.system_immutable', undefined],
    ['POST', `/${SYSTEM}/_enable`, undefined, 403, 'skill.system_immutable', undefined],
    ['POST', `/${SYSTEM}/_disable`, undefined, 403, 'skill.system_immutable', undefined],
    ['POST', '/import', { templateId: '@anychat/soup' }, 404, 'catalog.not_found', undefined],
    ['POST', '/import', {}, 400, 'request.invalid', ['templateId']],
  ] as const)(
    'refuses %s %s %j, and changes nothing',
    async (method, path, body, status, code, paths) => {
      await create();
      const before = (await server.owner.get(skills)).headers.get('etag');
      const answer = await server.owner.request(method, `/v1${skills}${path}`, body);
      expectRefusal(answer, status, code, paths);
      expect((await server.owner.get(skills)).headers.get('etag')).toBe(before);
    },
  );
});

describe("a skill's runtime config", () => {
  const CONFIG = { slotsToOffer: 9 };

  it.each([
    ['POST', '', { name: 'a', body: 'b', config: CONFIG }],
    ['POST', '', { name: 'a', body: 'b', config: {} }],
    ['PATCH', '/call-booking', { config: CONFIG }],
    ['PATCH', '/call-booking', { config: null }],
    ['PUT', '/call-booking', { name: 'a', body: 'b', config: CONFIG }],
    ['PUT', '/call-booking', { name: 'a', body: 'b', config: null }],
    ['PUT', '/small-talk', { name: 'a', body: 'b', config: CONFIG }],
  ])('cannot be written: %s %s %j', async (method, path, input) => {
    await create();
    const { body } = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    const answer = await server.owner.request(method, `/v1${skills}${path}`, input);
    expectRefusal(answer, 400, 'request.invalid', ['config']);
    expect((await server.owner.get(`${skills}/call-booking`)).body).toEqual(body.skill);
  });

  it('stays when the skill is written, and comes back with the next import', async () => {
    const { body } = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    const { config } = body.skill as { config: object };
    const put = await server.owner.put(`${skills}/call-booking`, { name: 'a', body: 'b' });
    const patched = await server.owner.patch(`${skills}/call-booking`, { body: 'c' });
    expect([put.body.config, patched.body.config]).toEqual([config, config]);
  });

  it('travels with an export, also to another agent, and into the agent of a template', async () => {
    const templateId = '@anychat/agent-template.sales-development';
    const from = skills.replace('/skills', '');
    expect((await server.owner.post(`${from}/apply-template`, { templateId })).status).toBe(200);
    const path = `${skills}/call-booking`;
    const { config } = (await server.owner.get(path)).body;
    expect(config).toEqual(expect.objectContaining({ slotsToOffer: expect.any(Number) }));
    const exported = (await server.owner.get(`${from}/export?format=json`)).body;
    const edited = (exported.skills as Record<string, unknown>[]).map((skill) =>
      skill.id === 'call-booking' ? { ...skill, config: CONFIG } : skill,
    );
    const to = `/orgs/acme/agents/${await server.owner.createAgent()}`;
    const imported = await server.owner.post(`${to}/import`, { skills: edited });
    expect(imported.status, JSON.stringify(imported.body)).toBe(200);
    expect((await server.owner.get(`${to}/skills/call-booking`)).body.config).toEqual(CONFIG);
    const other = (await server.owner.get(`${to}/skills/lead-qualification`)).body;
    expect(other).not.toHaveProperty('config');
  });
});

describe('importing a skill', () => {
  it('copies the template and binds the tools that it needs', async () => {
    const { status, body } = await server.owner.post(`${skills}/import`, {
      templateId: CALL_BOOKING,
    });
    const template = await server.owner.get(
      `/catalogs/skill-templates/${encodeURIComponent(CALL_BOOKING)}`,
    );
    const { name, description, body: text, requiredTools } = template.body;
    const { catalog } = await server.owner.query(
      'query ($id: ID!) { catalog { skillTemplate(id: $id) { config } } }',
      { id: CALL_BOOKING },
    );
    const { config } = (catalog as { skillTemplate: Record<string, unknown> }).skillTemplate;
    expect(config).toEqual(expect.objectContaining({ slotsToOffer: expect.any(Number) }));
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        skill: {
          id: 'call-booking',
          name,
          description,
          body: text,
          enabled: true,
          requiredTools,
          config,
          derivedFrom: { templateId: CALL_BOOKING, version: '2' },
          source: 'author',
        },
        addedToolBindings: [CALENDAR],
      },
    });
    const again = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    expect(again.body.addedToolBindings).toEqual([]);
  });

  it('replaces an earlier copy in place, and keeps its id and whether it is enabled', async () => {
    const { body } = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    const original = body.skill as Skill;
    await create();
    await server.owner.patch(`${skills}/${original.id}`, { body: 'Mine.', enabled: false });
    const again = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    expect(again.body.skill).toEqual({ ...original, enabled: false });
    expect((await ownSkills()).map(({ id }) => id)).toEqual([original.id, 'small-talk']);
  });

  it('uses another id when the usual one is in use', async () => {
    await create({ name: 'Mine', body: 'b', id: 'call-booking' });
    const { body } = await server.owner.post(`${skills}/import`, { templateId: CALL_BOOKING });
    expect((body.skill as Skill).id).toBe('call-booking-2');
  });

  it('does not hide a skill whose id is "import"', async () => {
    const { id } = await create({ name: 'Import', body: 'b' });
    expect(id).toBe('import');
    expect((await server.owner.get(`${skills}/import`)).body).toMatchObject({ id });
    expect((await server.owner.post(`${skills}/import/_disable`)).body).toMatchObject({ id });
    expect((await server.owner.delete(`${skills}/import`)).status).toBe(200);
    expectRefusal(await server.owner.get(`${skills}/import`), 404, 'skill.not_found');
  });

  it('requires the scope templates:apply', async () => {
    const client = await server.as('editor', ['agents:write']);
    const answer = await client.post(`${skills}/import`, { templateId: CALL_BOOKING });
    expectRefusal(answer, 403, 'auth.scope_missing');
  });
});
