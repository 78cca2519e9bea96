import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** The reference's "A worked example"; worked-example-tools.test.ts has steps 4 and 5. */
const SALES = '@anychat/agent-template.sales-development';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('the worked example', () => {
  it('runs over REST as it is written', async () => {
    // 1. Create the agent.
    const created = await server.owner.post('/orgs/acme/agents', { name: 'Acme SDR' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^agent-acme-sdr-[a-z0-9]{8}$/),
      orgId: 'acme',
      name: 'Acme SDR',
      identity: {},
    });
    const agent = `/orgs/acme/agents/${created.body.id}`;

    // 2. Apply the Sales Development template.
    const applied = await server.owner.post(`${agent}/apply-template`, { templateId: SALES });
    expect(applied.status).toBe(200);
    expect(applied.body).toMatchObject({
      agent: { id: created.body.id, name: 'Acme SDR' },
      appliedFrom: { templateId: SALES, templateName: 'Sales Development Agent' },
      skipped: [],
      addedToolBindings: ['@anychat/tool.google-calendar'],
    });

    // 3. Inspect what got applied, via export.
    const exported = await server.owner.get(`${agent}/export`);
    expect(exported.status).toBe(200);
    expect(exported.headers.get('content-type')).toMatch(/^application\/yaml/);
    const yaml = String(exported.body);
    const sections = [...yaml.matchAll(/^(\w+):/gm)].map(([, section]) => section);
    expect(sections).toEqual([
      'identity',
      'personality',
      'playbooks',
      'objectives',
      'skills',
      'guardrails',
      'messageTemplates',
      'outreach',
      'toolBindings',
      'products',
    ]);
    expect(yaml).toContain('@anychat/skill-template.call-booking');
    expect(yaml).toContain('greetingTemplateId: outreach-greeting');

    // 6. Add a custom guardrail.
    const guardrails = {
      topicsToAvoid: ['competitor pricing'],
      claimsNotToMake: ['any guarantees about renewal terms'],
    };
    const put = await server.owner.put(`${agent}/guardrails`, guardrails);
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject(guardrails);
    expect(put.body).not.toHaveProperty('requiredDisclaimers');
    expect((await server.owner.get(`${agent}/guardrails`)).body).toEqual(put.body);
  });

  it('needs one GraphQL document to write and one to read', async () => {
    const written = await server.owner.query(
      `mutation ($template: ID!) {
        createAgent(org: "acme", input: { id: "acme-sdr", name: "Acme SDR" }) { id version }
        applyAgentTemplate(org: "acme", agent: "acme-sdr", input: { templateId: $template }) {
          appliedFrom { templateName }
          applied
          addedToolBindings
        }
        createdGuardrail: updateGuardrails(org: "acme", agent: "acme-sdr", input: {
          topicsToAvoid: { add: ["competitor pricing"] }
        }) { version }
      }`,
      { template: SALES },
    );
    expect(written).toEqual({
      createAgent: { id: 'acme-sdr', version: 1 },
      applyAgentTemplate: {
        appliedFrom: { templateName: 'Sales Development Agent' },
        applied: [
          'PERSONALITY',
          'OBJECTIVES',
          'GUARDRAILS',
          'SKILLS',
          'PLAYBOOKS',
          'MESSAGE_TEMPLATES',
          'OUTREACH',
        ],
        addedToolBindings: ['@anychat/tool.google-calendar'],
      },
      createdGuardrail: { version: 3 },
    });

    await server.owner.post('/orgs/acme/agents/acme-sdr/people', { firstName: 'Ada' });
    const { body: people } = await server.owner.get('/orgs/acme/agents/acme-sdr/people');
    const [ada] = people.data as { id: string }[];
    const read = await server.owner.query(
      `query ($ada: ID!) {
        org(id: "acme") {
          agent(id: "acme-sdr") {
            templateRef { templateId }
            personality { derivedFrom { templateId } }
            personalityDiff { divergence { description text } }
            objectives { id priority }
            guardrails { topicsToAvoid }
            skills { id source }
            playbooks { id isDefault isOutbound }
            toolBindings { toolId configStatus }
            messageTemplates { id }
            outreach { preview(personId: $ada) { greeting { renderedText blocked } } }
            export
          }
        }
      }`,
      { ada: ada?.id },
    );
    expect(read).toMatchObject({
      org: {
        agent: {
          templateRef: { templateId: SALES },
          personality: {
            derivedFrom: { templateId: '@anychat/personality-template.professional' },
          },
          personalityDiff: { divergence: { description: false, text: false } },
          objectives: expect.arrayContaining([{ id: 'qualify-leads', priority: 2 }]),
          guardrails: { topicsToAvoid: expect.arrayContaining(['competitor pricing']) },
          skills: expect.arrayContaining([
            { id: 'call-booking', source: 'AUTHOR' },
            { id: 'escalate-to-human', source: 'SYSTEM' },
          ]),
          playbooks: expect.arrayContaining([
            expect.objectContaining({ id: 'outreach-opener', isOutbound: true }),
          ]),
          toolBindings: [expect.objectContaining({ toolId: '@anychat/tool.google-calendar' })],
          messageTemplates: expect.arrayContaining([{ id: 'outreach-greeting' }]),
          outreach: {
            preview: {
              greeting: {
                renderedText: expect.stringMatching(/^Hi Ada, this is Acme SDR, /),
                blocked: false,
              },
            },
          },
          export: expect.stringMatching(/^identity:/),
        },
      },
    });
  });
});
