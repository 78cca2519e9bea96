import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const GREETING = {
  id: 'greeting',
  name: 'Greeting',
  body: 'Hi {person.firstName | "there"}, {agent.name} of {agent.companyName} here. Your plan is {person.customFields.plan}.',
};

let server: TestServer;
let agent: string;
let root: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent({ name: 'Bo' });
  root = `/orgs/acme/agents/${agent}`;
  path = `${root}/outreach`;
  await server.owner.post(`${root}/message-templates`, GREETING);
});

async function person(input: object): Promise<string> {
  const { status, body } = await server.owner.post(`${root}/people`, input);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as string;
}

async function companyName() {
  return (await server.owner.get('/orgs/acme')).body.name as string;
}

describe('outreach', () => {
  it('is empty at first, stores a greeting, and is cleared by {}', async () => {
    expect((await server.owner.get(path)).body).toEqual({});
    const put = await server.owner.put(path, { greetingTemplateId: 'greeting' });
    expect(put.body).toEqual({ greetingTemplateId: 'greeting' });
    expect((await server.owner.get(path)).body).toEqual({ greetingTemplateId: 'greeting' });
    expect((await server.owner.put(path, {})).body).toEqual({});
    expect((await server.owner.get(path)).body).toEqual({});
  });

  it('refuses an unknown template, and protects the one that it uses', async () => {
    const dangling = await server.owner.put(path, { greetingTemplateId: 'nope' });
    expectRefusal(dangling, 404, 'message_template.not_found');
    await server.owner.put(path, { greetingTemplateId: 'greeting' });
    const inUse = await server.owner.delete(`${root}/message-templates/greeting`);
    expectRefusal(inUse, 409, 'message_template.in_use');
    await server.owner.put(path, {});
    expect((await server.owner.delete(`${root}/message-templates/greeting`)).status).toBe(200);
  });

  it.each([
    [{ greetingTemplateId: 'greeting', extra: 1 }, ['extra']],
    [{ greetingTemplateId: {} }, ['greetingTemplateId']],
  ])('refuses %j', async (input, paths) => {
    expectRefusal(await server.owner.put(path, input), 400, 'request.invalid', paths);
  });
});

describe('previews', () => {
  it('show the text of a template and of the greeting', async () => {
    await server.owner.put(path, { greetingTemplateId: 'greeting' });
    const ada = await person({ firstName: 'Ada', customFields: { plan: 'pro' } });
    const preview = {
      renderedText: `Hi Ada, Bo of ${await companyName()} here. Your plan is pro.`,
      missingSlots: [],
      blocked: false,
    };
    const one = await server.owner.get(
      `${root}/message-templates/greeting/preview?personId=${ada}`,
    );
    expect({ status: one.status, body: one.body }).toEqual({ status: 200, body: preview });
    const greeting = await server.owner.get(`${path}/preview?personId=${ada}`);
    expect(greeting.body).toEqual({ greeting: preview });
  });

  it('list missing slots with the action taken, and have no text when blocked', async () => {
    const nobody = await person({ email: 'x@acme.com' });
    const template = `${root}/message-templates/greeting`;
    const read = async () =>
      (await server.owner.get(`${template}/preview?personId=${nobody}`)).body;
    const first = { path: 'person.firstName', action: 'default' };
    const plan = 'person.customFields.plan';
    expect(await read()).toEqual({
      renderedText: `Hi there, Bo of ${await companyName()} here.`,
      missingSlots: [first, { path: plan, action: 'omit-sentence' }],
      blocked: false,
    });
    await server.owner.patch(template, { defaultOnMissingSlot: 'omit-message' });
    expect(await read()).toEqual({
      renderedText: '',
      missingSlots: [first, { path: plan, action: 'omit-message' }],
      blocked: false,
    });
    await server.owner.patch(template, { defaultOnMissingSlot: 'block-send' });
    expect(await read()).toEqual({
      renderedText: null,
      missingSlots: [first, { path: plan, action: 'block-send' }],
      blocked: true,
    });
  });

  it.each(['message-templates/greeting', 'outreach'])(
    'of %s refuse a missing and an unknown person',
    async (part) => {
      await server.owner.put(path, { greetingTemplateId: 'greeting' });
      const preview = `${root}/${part}/preview`;
      expectRefusal(await server.owner.get(preview), 400, 'request.invalid', ['personId']);
      expectRefusal(await server.owner.get(`${preview}?personId=x`), 404, 'person.not_found');
      const other = await server.owner.createAgent();
      const { body } = await server.owner.post(`/orgs/acme/agents/${other}/people`, {
        email: 'a@b.co',
      });
      const foreign = await server.owner.get(`${preview}?personId=${body.id}`);
      expectRefusal(foreign, 404, 'person.not_found');
    },
  );

  it('answer 404 without a greeting, and for an unknown template', async () => {
    const ada = await person({ firstName: 'Ada' });
    const greeting = await server.owner.get(`${path}/preview?personId=${ada}`);
    expectRefusal(greeting, 404, 'outreach.no_greeting');
    const none = await server.owner.get(`${root}/message-templates/x/preview?personId=${ada}`);
    expectRefusal(none, 404, 'message_template.not_found');
  });

  it('are available in one GraphQL query, for a list of agents too', async () => {
    await server.owner.put(path, { greetingTemplateId: 'greeting' });
    const ada = await person({ firstName: 'Ada' });
    const data = await server.owner.query(
      `query ($ada: ID!) { org(id: "acme") { agents(first: 1) { nodes {
        messageTemplates { preview(personId: $ada) { missingSlots { action } } }
        outreach {
          greetingTemplate { id }
          preview(personId: $ada) { greeting { renderedText } }
        }
      } } } }`,
      { ada },
    );
    expect(data).toEqual({
      org: {
        agents: {
          nodes: [
            {
              messageTemplates: [{ preview: { missingSlots: [{ action: 'OMIT_SENTENCE' }] } }],
              outreach: {
                greetingTemplate: { id: 'greeting' },
                preview: {
                  greeting: { renderedText: `Hi Ada, Bo of ${await companyName()} here.` },
                },
              },
            },
          ],
        },
      },
    });
  });
});
