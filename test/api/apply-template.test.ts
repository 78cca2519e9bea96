import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let agent: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = `/orgs/acme/agents/${await server.owner.createAgent()}`;
});

type Item = Record<string, unknown> & { id: string };
const templates = loadCatalog().agentTemplates.list();
const SALES = '@anychat/agent-template.sales-development';
const CALENDAR = '@anychat/tool.google-calendar';

const apply = (templateId: string, headers: Record<string, string> = {}) =>
  server.owner.post(`${agent}/apply-template`, { templateId }, headers);

async function list(part: string): Promise<Item[]> {
  return (await server.owner.get(`${agent}/${part}`)).body.data as Item[];
}

async function part(name: string): Promise<Record<string, unknown>> {
  return (await server.owner.get(`${agent}/${name}`)).body;
}

/** Every section that a template can change. */
async function parts(): Promise<Record<string, unknown>> {
  const names = [
    ...['personality', 'objectives', 'guardrails', 'skills', 'playbooks'],
    ...['message-templates', 'outreach', 'tool-bindings', 'identity'],
  ];
  const entries = names.map(async (name) => [name, await part(name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe.each(templates)('$id', (template) => {
  it('sets up a new agent', async () => {
    const { status, body } = await apply(template.id);
    expect(status, JSON.stringify(body)).toBe(200);
    const playbooks = await list('playbooks');
    expect(playbooks.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    expect(playbooks.filter(({ isOutbound }) => isOutbound).length).toBeLessThanOrEqual(1);
    expect(derivations(playbooks)).toEqual(template.playbookTemplateIds);
    expect(derivations(await list('objectives'))).toEqual(template.objectiveTemplateIds);
    const skills = (await list('skills')).filter(({ source }) => source === 'author');
    expect(derivations(skills)).toEqual(template.skillTemplateIds);
    expect(await part('guardrails')).toMatchObject({
      derivedFromTemplates: template.guardrailTemplateIds,
    });
    expect(await part('personality')).toMatchObject({
      derivedFrom: { templateId: template.personalityTemplateId },
    });
    expect(await list('message-templates')).toEqual(template.messageTemplates);
    expect(await part('outreach')).toEqual(template.outreach ?? {});
    const bound = (await list('tool-bindings')).map(({ toolId }) => toolId);
    expect(body.addedToolBindings).toEqual(bound);
    expect(bound).toEqual(expect.arrayContaining([...(template.recommendedToolIds ?? [])]));
    expect((await part('updates')).updateCount).toBe(0);
  });
});

function derivations(items: readonly Item[]): unknown[] {
  return items.map(({ derivedFrom }) => (derivedFrom as { templateId: string }).templateId);
}

describe('apply-template', () => {
  it('replaces every section, in one version', async () => {
    const { status, headers, body } = await apply(SALES);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toEqual({
      agent: (await server.owner.get(agent)).body,
      appliedFrom: { templateId: SALES, templateName: 'Sales Development Agent' },
      applied: [
        'personality',
        'objectives',
        'guardrails',
        'skills',
        'playbooks',
        'messageTemplates',
        'outreach',
      ],
      skipped: [],
      addedToolBindings: [CALENDAR],
    });
    expect(body.agent).toMatchObject({ templateRef: { templateId: SALES, version: '1' } });
  });

  it('links its playbooks to its skills', async () => {
    await apply(SALES);
    const skills = new Set((await list('skills')).map(({ id }) => id));
    const scheduling = (await list('playbooks')).find(({ id }) => id === 'scheduling');
    expect(scheduling?.skillRefs).toContain('call-booking');
    for (const { skillRefs = [] } of await list('playbooks')) {
      for (const id of skillRefs as string[]) expect(skills).toContain(id);
    }
  });

  it('replaces existing content, and keeps identity and tool bindings', async () => {
    await server.owner.put(`${agent}/identity`, { identityPreamble: 'You are Acme.' });
    await server.owner.put(`${agent}/tool-bindings/${encodeURIComponent(CALENDAR)}`, {
      config: { calendarId: 'primary' },
    });
    await server.owner.post(`${agent}/skills`, { name: 'Mine', body: 'b' });
    await server.owner.post(`${agent}/playbooks`, { name: 'Mine', body: 'b', skillRefs: ['mine'] });
    const before = await parts();
    const { body } = await apply(SALES);
    expect(body.addedToolBindings).toEqual([]);
    const after = await parts();
    expect(after.identity).toEqual(before.identity);
    expect(after['tool-bindings']).toEqual(before['tool-bindings']);
    const ids = [...(await list('skills')), ...(await list('playbooks'))].map(({ id }) => id);
    expect(ids).not.toContain('mine');
  });

  it('gives the same result when repeated, and can be followed by any other template', async () => {
    await apply(SALES);
    const once = await parts();
    await apply(SALES);
    expect(await parts()).toEqual(once);
    for (const { id } of templates) expect((await apply(id)).status).toBe(200);
  });

  it('clears a greeting whose message template it removes', async () => {
    await server.owner.post(`${agent}/message-templates`, { name: 'Hello', body: 'Hi' });
    await server.owner.put(`${agent}/outreach`, { greetingTemplateId: 'hello' });
    const without = templates.find(
      ({ outreach, messageTemplates }) => !outreach && messageTemplates,
    );
    const { body } = await apply(without?.id ?? '');
    expect(body.applied).not.toContain('outreach');
    expect(await part('outreach')).toEqual({});
  });

  it.each([
    [{ templateId: '@anychat/agent-template.soup' }, 404, 'catalog.not_found', undefined],
    [{ templateId: '@anychat/skill-template.call-booking' }, 404, 'catalog.not_found', undefined],
    [{}, 400, 'request.invalid', ['templateId']],
    [{ templateId: SALES, force: true }, 400, 'request.invalid', ['force']],
  ])('refuses %j, and changes nothing', async (body, status, code, paths) => {
    const before = (await server.owner.get(agent)).body;
    expectRefusal(await server.owner.post(`${agent}/apply-template`, body), status, code, paths);
    expect((await server.owner.get(agent)).body).toEqual(before);
  });

  it('changes nothing with a stale version', async () => {
    expectRefusal(await apply(SALES, { 'If-Match': '"9"' }), 412, 'version.mismatch');
    expect(await list('playbooks')).toEqual([]);
  });

  it('requires the scope templates:apply', async () => {
    const client = await server.as('editor', ['agents:write']);
    const answer = await client.post(`${agent}/apply-template`, { templateId: SALES });
    expectRefusal(answer, 403, 'auth.scope_missing');
  });
});
