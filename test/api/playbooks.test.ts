import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let agent: string;
let playbooks: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = `/orgs/acme/agents/${await server.owner.createAgent()}`;
  playbooks = `${agent}/playbooks`;
});

type Playbook = Record<string, unknown> & {
  id: string;
  isDefault: boolean;
  isOutbound?: boolean;
};

const DISCOVERY = '@anychat/playbook-template.sales-discovery';
const CALENDAR = '@anychat/tool.google-calendar';

async function create(name: string, input: object = {}): Promise<Playbook> {
  const { status, body } = await server.owner.post(playbooks, { name, body: 'Do it.', ...input });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as Playbook;
}

async function list(): Promise<Playbook[]> {
  return (await server.owner.get(playbooks)).body.data as Playbook[];
}

async function flags(): Promise<Record<string, string>> {
  const entries = (await list()).map(({ id, isDefault, isOutbound }) => [
    id,
    `${isDefault ? 'default' : ''}${isOutbound ? 'outbound' : ''}`,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe('playbooks', () => {
  it('store every field, and the first one is the default', async () => {
    await server.owner.post(`${agent}/skills`, { name: 'Small talk', body: 'b' });
    await server.owner.post(`${agent}/message-templates`, { name: 'Hello', body: 'Hi' });
    const input = {
      name: 'Front desk',
      description: 'First contact.',
      whenToUse: 'At first.',
      body: 'Say hello.',
      examples: [
        [
          { role: 'user', content: 'hi' },
          { role: 'agent', content: 'Hello!' },
        ],
      ],
      skillRefs: ['small-talk', 'escalate-to-human'],
      toolRefs: [CALENDAR],
      messageTemplateRefs: ['hello'],
    };
    const { status, headers, body } = await server.owner.post(playbooks, input);
    const expected = { id: 'front-desk', ...input, isDefault: true };
    expect({ status, body }).toEqual({ status: 201, body: expected });
    expect(headers.get('location')).toBe(`/v1${playbooks}/front-desk`);
    expect((await server.owner.get(`${playbooks}/front-desk`)).body).toEqual(expected);
    expect(await list()).toEqual([expected]);
    const put = await server.owner.put(`${playbooks}/front-desk`, expected);
    expect({ status: put.status, body: put.body }).toEqual({ status: 200, body: expected });
  });

  it('replace the current default and the current outbound playbook', async () => {
    await create('a', { isDefault: false });
    await create('b', { isOutbound: true });
    expect(await flags()).toEqual({ a: 'default', b: 'outbound' });
    await create('c', { isDefault: true, isOutbound: true });
    expect(await flags()).toEqual({ a: '', b: '', c: 'defaultoutbound' });
    await server.owner.patch(`${playbooks}/a`, { isDefault: true });
    await server.owner.put(`${playbooks}/b`, { name: 'b', body: 'x', isOutbound: true });
    expect(await flags()).toEqual({ a: 'default', b: 'outbound', c: '' });
    const { status, body } = await server.owner.post(`${playbooks}/b/_setDefault`);
    expect({ status, body }).toEqual({ status: 200, body: { data: await list() } });
    expect(await flags()).toEqual({ a: '', b: 'defaultoutbound', c: '' });
  });

  it('choose the first remaining one when the default is deleted', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    await server.owner.post(`${playbooks}/b/_setDefault`);
    const { status, body } = await server.owner.delete(`${playbooks}/b`);
    expect({ status, body }).toEqual({ status: 200, body: { data: await list() } });
    expect(await flags()).toEqual({ a: 'default', c: '' });
    await server.owner.delete(`${playbooks}/c`);
    expect((await server.owner.delete(`${playbooks}/a`)).body).toEqual({ data: [] });
  });

  it('stay the default when a PUT omits isDefault', async () => {
    await create('a');
    await server.owner.put(`${playbooks}/a`, { name: 'A', body: 'x' });
    expect(await list()).toEqual([{ id: 'a', name: 'A', body: 'x', isDefault: true }]);
  });

  it('resolve to skills, tools and messages in GraphQL', async () => {
    await server.owner.post(`${agent}/skills`, { name: 'Small talk', body: 'b' });
    await server.owner.post(`${agent}/message-templates`, { name: 'Hello', body: 'Hi' });
    await create('a', {
      skillRefs: ['small-talk', 'switch-playbook'],
      toolRefs: [CALENDAR],
      messageTemplateRefs: ['hello'],
    });
    const data = await server.owner.query(
      `{ org(id: "acme") { agents(first: 1) { nodes { playbooks {
        skills { id source } tools { name } messageTemplates { body }
      } } } } }`,
    );
    expect(data).toEqual({
      org: {
        agents: {
          nodes: [
            {
              playbooks: [
                {
                  skills: [
                    { id: 'small-talk', source: 'AUTHOR' },
                    { id: 'switch-playbook', source: 'SYSTEM' },
                  ],
                  tools: [{ name: 'Google Calendar' }],
                  messageTemplates: [{ body: 'Hi' }],
                },
              ],
            },
          ],
        },
      },
    });
  });

  it('protect the message templates that they use', async () => {
    await server.owner.post(`${agent}/message-templates`, { name: 'Hello', body: 'Hi' });
    await create('a', { messageTemplateRefs: ['hello'] });
    const answer = await server.owner.delete(`${agent}/message-templates/hello`);
    expectRefusal(answer, 409, 'message_template.in_use');
  });

  it.each([
    ['POST', '', { name: 'a', body: 'b', id: 'a' }, 409, 'playbook.id_taken', ['id']],
    ['POST', '', { name: 'a', body: '' }, 400, 'request.invalid', ['body']],
    [
      'POST',
      '',
      { name: 'x', body: 'b', examples: [[{ role: 'robot', content: ' ' }]] },
      400,
      'request.invalid',
      ['examples[0][0].content', 'examples[0][0].role'],
    ],
    [
      'POST',
      '',
      {
        name: 'x',
        body: 'b',
        skillRefs: ['escalate-to-human', 's'],
        toolRefs: ['t'],
        messageTemplateRefs: ['m'],
      },
      400,
      'request.invalid',
      ['messageTemplateRefs[0]', 'skillRefs[1]', 'toolRefs[0]'],
    ],
    [
      'PUT',
      '/a',
      { name: 'a', body: 'b', skillRefs: ['s'] },
      400,
      'request.invalid',
      ['skillRefs[0]'],
    ],
    ['PUT', '/a', { name: 'a', body: 'b', id: 'c' }, 400, 'request.invalid', ['id']],
    [
      'PUT',
      '/a',
      { name: 'a', body: 'b', isDefault: false },
      400,
      'playbook.default_required',
      ['isDefault'],
    ],
    ['PATCH', '/a', { toolRefs: ['t'] }, 400, 'request.invalid', ['toolRefs[0]']],
    ['PATCH', '/a', { isDefault: false }, 400, 'playbook.default_required', ['isDefault']],
    ['PATCH', '/a', { isDefault: null, name: null }, 400, 'request.invalid', ['isDefault', 'name']],
    ['GET', '/nobody', undefined, 404, 'playbook.not_found', undefined],
    ['DELETE', '/nobody', undefined, 404, 'playbook.not_found', undefined],
    ['POST', '/nobody/_setDefault', undefined, 404, 'playbook.not_found', undefined],
    ['POST', '/import', { templateId: 'soup' }, 404, 'catalog.not_found', undefined],
  ] as const)(
    'refuse %s %s %j, and change nothing',
    async (method, path, body, status, code, paths) => {
      const before = await create('a');
      const answer = await server.owner.request(method, `/v1${playbooks}${path}`, body);
      expectRefusal(answer, status, code, paths);
      expect(await list()).toEqual([before]);
    },
  );
});

describe('importing a playbook', () => {
  it('copies the template, with references to the skills that exist', async () => {
    await server.owner.post(`${agent}/skills`, { name: 'x', body: 'b', id: 'lead-qualification' });
    await server.owner.post(`${agent}/skills/import`, {
      templateId: '@anychat/skill-template.lead-qualification',
    });
    const { status, body } = await server.owner.post(`${playbooks}/import`, {
      templateId: DISCOVERY,
    });
    const { body: template } = await server.owner.get(
      `/catalogs/playbook-templates/${encodeURIComponent(DISCOVERY)}`,
    );
    expect(status).toBe(200);
    expect(body).toEqual({ data: await list() });
    expect(body.data).toEqual([
      expect.objectContaining({
        id: 'sales-discovery',
        body: template.body,
        whenToUse: template.whenToUse,
        examples: template.examples,
        skillRefs: ['lead-qualification-2'],
        isDefault: true,
        derivedFrom: { templateId: DISCOVERY, version: template.version },
      }),
    ]);
  });

  it('keeps the current default and the current outbound playbook', async () => {
    await create('a', { isOutbound: true });
    await server.owner.post(`${playbooks}/import`, { templateId: DISCOVERY });
    await server.owner.post(`${playbooks}/import`, {
      templateId: '@anychat/playbook-template.outreach-opener',
    });
    expect(await flags()).toEqual({
      a: 'defaultoutbound',
      'sales-discovery': '',
      'outreach-opener': '',
    });
  });

  it('replaces an earlier copy in place, and keeps its id and flags', async () => {
    await server.owner.post(`${playbooks}/import`, { templateId: DISCOVERY });
    await create('b', { isDefault: true });
    const [original] = await list();
    await server.owner.patch(`${playbooks}/sales-discovery`, { body: 'Mine.', isOutbound: true });
    await server.owner.post(`${playbooks}/import`, { templateId: DISCOVERY });
    const [copy, other] = await list();
    expect(copy).toEqual({ ...original, isOutbound: true });
    expect(other).toMatchObject({ id: 'b', isDefault: true });
  });
});
