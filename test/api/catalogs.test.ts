import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

type Item = Record<string, unknown> & { id: string };

/** The fields of the reference's interfaces; a question mark marks an optional one. */
const KINDS: readonly (readonly [kind: string, fields: string])[] = [
  [
    'agent-templates',
    'id version name description category? identityPreamble? playbookTemplateIds? personalityTemplateId? objectiveTemplateIds? guardrailTemplateIds? skillTemplateIds? recommendedToolIds?',
  ],
  [
    'playbook-templates',
    'id version name description whenToUse? body examples? derivedSkillTemplateIds? isDefault? isOutbound?',
  ],
  ['skill-templates', 'id version name description body requiredTools?'],
  ['objective-templates', 'id version name description body'],
  ['personality-templates', 'id version name description promptFragment'],
  [
    'guardrail-templates',
    'id version name description topicsToAvoid? claimsNotToMake? requiredDisclaimers?',
  ],
  ['tools', 'id version name description category parameters configSchema?'],
  ['channels', 'id name description managed unmanaged? carrierCompliance?'],
  ['log-events', 'id name description level dataFields'],
  ['webhook-events', 'id name description resource'],
];

describe.each(KINDS)('/catalogs/%s', (kind, fields) => {
  it('lists every item, each with the documented fields', async () => {
    const { status, body } = await server.owner.get(`/catalogs/${kind}`);
    expect({ status, keys: Object.keys(body), kind: body.kind }).toEqual({
      status: 200,
      keys: ['kind', 'data'],
      kind,
    });
    const names = fields.split(' ');
    const allowed = names.map((name) => name.replace('?', ''));
    const required = names.filter((name) => !name.endsWith('?'));
    const items = body.data as Item[];
    expect(items.length).toBeGreaterThanOrEqual(4);
    for (const item of items) {
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(item)));
      expect(Object.keys(item)).toEqual(expect.arrayContaining(required));
    }
  });

  it('returns an item by its id', async () => {
    const { body } = await server.owner.get(`/catalogs/${kind}`);
    for (const item of (body.data as Item[]).slice(0, 3)) {
      const one = await server.owner.get(`/catalogs/${kind}/${encodeURIComponent(item.id)}`);
      expect({ status: one.status, body: one.body }).toEqual({ status: 200, body: item });
    }
  });

  it('refuses an unknown id', async () => {
    const path = `/catalogs/${kind}/${encodeURIComponent('@anychat/soup')}`;
    expectRefusal(await server.owner.get(path), 404, 'catalog.not_found');
  });

  it('requires a token, and accepts any', async () => {
    const bare = await server.as('viewer', []);
    expect((await bare.get(`/catalogs/${kind}`)).status).toBe(200);
    expectRefusal(await server.anonymous.get(`/catalogs/${kind}`), 401, 'auth.unauthenticated');
  });
});

it('refuses an unknown kind', async () => {
  expectRefusal(await server.owner.get('/catalogs/system-skills'), 404, 'route.not_found');
});

describe('catalog', () => {
  it('resolves references between items', async () => {
    const data = await server.owner.query(`{
      catalog { agentTemplate(id: "@anychat/agent-template.sales-development") {
        personalityTemplate { id }
        playbookTemplates { id isDefault skillTemplates { id tools { id oauth { provider } } } }
        recommendedTools { id }
      } }
    }`);
    const booking = {
      id: '@anychat/skill-template.call-booking',
      tools: [{ id: '@anychat/tool.google-calendar', oauth: { provider: 'google' } }],
    };
    const { agentTemplate } = data.catalog as { agentTemplate: Record<string, unknown> };
    expect(agentTemplate).toMatchObject({
      personalityTemplate: { id: '@anychat/personality-template.professional' },
      recommendedTools: [{ id: '@anychat/tool.google-calendar' }],
    });
    const playbooks = agentTemplate.playbookTemplates as { id: string; skillTemplates: unknown }[];
    const scheduling = playbooks.find(({ id }) => id.endsWith('.scheduling'));
    expect(scheduling?.skillTemplates).toContainEqual(booking);
  });

  it('returns older versions of a template', async () => {
    const query = `query ($version: String) {
      catalog { skillTemplate(id: "@anychat/skill-template.call-booking", version: $version) { version } }
    }`;
    const at = async (version: string | null) => server.owner.graphql(query, { version });
    expect((await at('1')).data).toEqual({ catalog: { skillTemplate: { version: '1' } } });
    expect((await at(null)).data).toEqual({ catalog: { skillTemplate: { version: '2' } } });
    const { data, errors } = await at('99');
    expect(data).toEqual({ catalog: { skillTemplate: null } });
    expect(errors?.[0]?.extensions.code).toBe('catalog.not_found');
  });

  it('requires a token', async () => {
    const { errors } = await server.anonymous.graphql('{ catalog { tools { id } } }');
    expect(errors?.[0]?.extensions.code).toBe('auth.unauthenticated');
  });
});
