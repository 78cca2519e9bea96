import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

const CALENDAR = '@anychat/tool.google-calendar';
const QUERY = `query ($agent: ID!) {
  org(id: "acme") { agent(id: $agent) { readiness { code id field message } } }
}`;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function readiness(agent: string): Promise<Record<string, unknown>[]> {
  const data = await server.owner.query(QUERY, { agent });
  return (data as { org: { agent: { readiness: Record<string, unknown>[] } } }).org.agent.readiness;
}

it('has no findings on a new agent', async () => {
  expect(await readiness(await server.owner.createAgent())).toEqual([]);
});

it('lists what is left to do, until nothing is', async () => {
  const agent = await server.owner.createAgent();
  const path = `/orgs/acme/agents/${agent}`;
  const templateId = '@anychat/skill-template.call-booking';
  await server.owner.post(`${path}/skills/import`, { templateId });
  const codes = async () => (await readiness(agent)).map(({ code, field }) => `${code} ${field}`);
  const binding = `toolBindings[${CALENDAR}]`;
  expect(await codes()).toEqual([
    `TOOL_CONFIG_MISSING ${binding}.config.calendarId`,
    `TOOL_NOT_CONNECTED ${binding}.oauth`,
    `SKILL_TOOL_NOT_READY ${binding}.config.calendarId`,
  ]);

  const config = { calendarId: 'sdr@acme.com' };
  await server.owner.put(`${path}/tool-bindings/${encodeURIComponent(CALENDAR)}`, { config });
  expect(await codes()).toEqual([
    `TOOL_NOT_CONNECTED ${binding}.oauth`,
    `SKILL_TOOL_NOT_READY ${binding}.oauth`,
  ]);

  await server.owner.post(`${path}/skills/call-booking/_disable`);
  await server.owner.post(`${path}/tool-bindings/${encodeURIComponent(CALENDAR)}/_disable`);
  expect(await codes()).toEqual([]);
});

it('reports pending channels, and the outreach links that use them', async () => {
  const agent = await server.owner.createAgent();
  const path = `/orgs/acme/agents/${agent}`;
  const request = { channel: 'rcs', mode: 'managed' };
  const { body: rcs } = await server.owner.post(`${path}/channels`, request);
  const input = { bindingId: rcs.id };
  const { body: link } = await server.owner.post(`${path}/outreach-links`, input);
  expect(await readiness(agent)).toEqual([
    {
      code: 'CHANNEL_PENDING',
      id: rcs.id,
      field: `channels[${rcs.id}]`,
      message: 'the channel rcs is requested and not in service yet',
    },
    {
      code: 'OUTREACH_LINK_CHANNEL_INACTIVE',
      id: link.id,
      field: `channels[${rcs.id}]`,
      message: expect.stringContaining(String(link.id)),
    },
  ]);
});

it('is complete in a list of agents that selects nothing else', async () => {
  const agent = await server.owner.createAgent();
  const request = { channel: 'rcs', mode: 'managed' };
  await server.owner.post(`/orgs/acme/agents/${agent}/channels`, request);
  await server.owner.createAgent();
  const data = await server.owner.query(
    '{ org(id: "acme") { agents(first: 2) { nodes { readiness { code } } } } }',
  );
  const { nodes } = (data as { org: { agents: { nodes: { readiness: unknown[] }[] } } }).org.agents;
  expect(nodes.map(({ readiness: found }) => found.length)).toEqual([0, 1]);
});

it('has a severity, and warns about prompts', async () => {
  const agent = await server.owner.createAgent();
  const path = `/orgs/acme/agents/${agent}`;
  await server.owner.put(`${path}/personality`, { text: 'Greet {person.firstName}.' });
  const data = await server.owner.query(
    `query ($agent: ID!) { org(id: "acme") { agent(id: $agent) {
      readiness { severity code id field }
    } } }`,
    { agent },
  );
  const { readiness: found } = (data as { org: { agent: { readiness: unknown } } }).org.agent;
  expect(found).toEqual([
    { severity: 'WARNING', code: 'PROMPT_SLOT_UNRESOLVED', id: null, field: 'personality.text' },
  ]);
});

it('warns about a prompt that is longer than PROMPT_MAX_TOKENS', async () => {
  const strict = await startTestServer({ PROMPT_MAX_TOKENS: '1500' });
  try {
    const agent = await strict.owner.createAgent();
    const codes = async () => {
      const data = await strict.owner.query(QUERY, { agent });
      const org = data.org as { agent: { readiness: { code: string; field: string }[] } };
      return org.agent.readiness.map(({ code, field }) => `${code} ${field}`);
    };
    // The system skills alone are a large part of a prompt that is this short.
    expect(await codes()).toEqual(['PROMPT_SECTION_DOMINATES skills']);
    await strict.owner.put(`/orgs/acme/agents/${agent}/personality`, { text: 'word '.repeat(900) });
    expect(await codes()).toEqual(['PROMPT_TOO_LONG personality']);
  } finally {
    await strict.stop();
  }
});
