import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_AGENT } from '../../src/demo/demo.ts';
import type { Prompt } from '../../src/domain/prompt.ts';
import { type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const AT = `/orgs/acme/agents/${DEMO_AGENT}`;
const HOOK = '@anychat/tool.custom-http-webhook';
const CALENDAR = '@anychat/tool.google-calendar';

let server: TestServer;
let owner: Client;
let personId: string;

beforeAll(async () => {
  server = await startTestServer({ DEMO_DATA: '1' });
  owner = server.owner;
  const message = {
    id: 'hello',
    name: 'Hello',
    body: 'Hello {person.firstName} of {agent.companyName}',
  };
  await owner.post(`${AT}/message-templates`, message);
  await owner.patch(`${AT}/playbooks/sales-discovery`, {
    messageTemplateRefs: ['hello'],
    skillRefs: ['lead-qualification', 'call-booking'],
    toolRefs: [CALENDAR],
  });
  const { body } = await owner.post(`${AT}/people`, { firstName: 'Ada', lastName: 'Byron' });
  personId = String(body.id);
});
afterAll(() => server.stop());

interface Answered extends Prompt {
  readonly estimatedTokens: number;
  readonly sections: readonly {
    section: string;
    characters: number;
    estimatedTokens: number;
    items: readonly { itemId: string; characters: number; estimatedTokens: number }[];
  }[];
}

async function promptOf(query = ''): Promise<Answered> {
  const { status, body } = await owner.get(`${AT}/prompt${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as Answered;
}

it('is the text with the origin of each part', async () => {
  const { text, characters, spans, playbookId, hash } = await promptOf();
  expect(playbookId).toBe('sales-discovery');
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(characters).toBe(text.length);
  expect(spans.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
  const [preamble] = spans;
  expect(preamble).toEqual({ start: 0, end: 39, section: 'identity', field: 'identityPreamble' });
  expect(text.slice(0, 39)).toBe("You are Acme's sales development agent.");
  expect(spans).toContainEqual({
    start: expect.any(Number),
    end: expect.any(Number),
    section: 'skills',
    itemId: 'lead-qualification',
    field: 'body',
    derivedFrom: { templateId: '@anychat/skill-template.lead-qualification', version: '1' },
  });
});

it('has a size by section and item', async () => {
  const { estimatedTokens, characters, sections } = await promptOf();
  const sum = (of: readonly { characters: number; estimatedTokens: number }[]) => ({
    characters: of.reduce((total, one) => total + one.characters, 0),
    estimatedTokens: of.reduce((total, one) => total + one.estimatedTokens, 0),
  });
  expect(sum(sections)).toEqual({ characters, estimatedTokens });
  expect(estimatedTokens).toBeGreaterThan(characters / 8);
  expect(estimatedTokens).toBeLessThan(characters / 2);
  const skills = sections.find(({ section }) => section === 'skills');
  expect(skills?.items.map(({ itemId }) => itemId)).toContain('lead-qualification');
  expect(sum(skills?.items ?? []).characters).toBeLessThan(skills?.characters ?? 0);
});

it('withholds what readiness has a finding of', async () => {
  const { withheld, text } = await promptOf();
  expect(withheld).toEqual([
    { kind: 'tool', id: CALENDAR, reason: 'tool_not_ready', toolId: CALENDAR },
    { kind: 'skill', id: 'call-booking', reason: 'tool_not_ready', toolId: CALENDAR },
  ]);
  expect(text).not.toContain('## Book a Call');
  const query = `{ org(id: "acme") { agent(id: "${DEMO_AGENT}") { readiness { code id } } } }`;
  const data = (await owner.query(query)) as {
    org: { agent: { readiness: { code: string; id: string }[] } };
  };
  expect(data.org.agent.readiness).toContainEqual({
    code: 'SKILL_TOOL_NOT_READY',
    id: 'call-booking',
  });
});

it('shows the largest agent', async () => {
  const agent = await owner.createAgent({ name: 'Large' });
  const many = (text: string) => Array.from({ length: 200 }, (_, i) => `${text} ${i}`);
  const derivedFrom = { templateId: '@anychat/x', version: '1' };
  const { status } = await owner.post(`/orgs/acme/agents/${agent}/import`, {
    guardrails: {
      topicsToAvoid: many('topic'),
      claimsNotToMake: many('claim'),
      requiredDisclaimers: many('disclaimer'),
    },
    objectives: many('goal').map((name) => ({ name, body: 'b'.repeat(1_500), derivedFrom })),
    playbooks: many('playbook').map((name, i) => ({
      name,
      body: 'b',
      whenToUse: 'w'.repeat(1_000),
      isDefault: i === 0,
      derivedFrom,
    })),
  });
  expect(status).toBe(200);
  const { status: read, body } = await owner.get(`/orgs/acme/agents/${agent}/prompt`);
  expect(read).toBe(200);
  const { characters, spans } = body as unknown as Answered;
  expect(characters).toBeGreaterThan(500_000);
  expect(spans.length).toBeGreaterThan(2_500);
});

describe('a conversation', () => {
  it('has an active playbook', async () => {
    const { text, playbookId } = await promptOf('?playbookId=scheduling');
    expect(playbookId).toBe('scheduling');
    expect(text).toContain('- sales-discovery: ');
    expect(text).not.toContain('- scheduling: ');
  });

  it('has a person, for whom message templates are rendered', async () => {
    expect((await promptOf()).text).toContain('Hello {person.firstName} of {agent.companyName}');
    const { body: org } = await owner.get('/orgs/acme');
    const { text } = await promptOf(`?personId=${personId}`);
    expect(text).toContain(`Hello Ada of ${org.name}`);
  });

  it('has a channel', async () => {
    const { text } = await promptOf('?channel=appleMessages');
    expect(text).toMatch(/\n\n# Channel\n\nThis conversation is on appleMessages\.$/);
  });

  it.each([
    ['playbookId=none', 404, 'playbook.not_found'],
    ['personId=person_none', 404, 'person.not_found'],
    ['channel=telex', 400, 'request.invalid'],
  ])('is refused with %s', async (query, status, code) => {
    expectRefusal(await owner.get(`${AT}/prompt?${query}`), status, code);
  });

  it('with a person requires people:read too, by both doors', async () => {
    const reader = await server.as('viewer', ['agents:read']);
    expect((await reader.get(`${AT}/prompt`)).status).toBe(200);
    const refused = await reader.get(`${AT}/prompt?personId=${personId}`);
    expectRefusal(refused, 403, 'auth.scope_missing');
    expect(refused.body.message).toContain('people:read');
    const { errors, data } = await reader.graphql(
      `query ($person: ID!) {
        org(id: "acme") { agent(id: "${DEMO_AGENT}") { id prompt(person: $person) { text } } }
      }`,
      { person: personId },
    );
    expect(errors?.[0]?.extensions.code).toBe('auth.scope_missing');
    expect(data).toEqual({ org: { agent: { id: DEMO_AGENT, prompt: null } } });
    const people = await server.as('viewer', ['people:read']);
    const other = await people.get(`${AT}/prompt?personId=${personId}`);
    expect(other.body.message).toContain('agents:read');
  });
});

it('is the same over GraphQL', async () => {
  const rest = await promptOf(`?personId=${personId}&playbookId=scheduling&channel=rcs`);
  const data = (await owner.query(
    `query ($person: ID!) { org(id: "acme") { agent(id: "${DEMO_AGENT}") {
      prompt(person: $person, playbook: "scheduling", channel: RCS) { text hash estimatedTokens }
    } } }`,
    { person: personId },
  )) as { org: { agent: { prompt: Record<string, unknown> } } };
  const { text, hash, estimatedTokens } = rest;
  expect(data.org.agent.prompt).toEqual({ text, hash, estimatedTokens });
});

describe('a version', () => {
  const edited = async () => {
    const id = await owner.createAgent({ name: 'Versions' });
    const at = `/orgs/acme/agents/${id}`;
    const shown = [];
    await owner.put(`${at}/tool-bindings/${encodeURIComponent(CALENDAR)}`, { config: {} });
    const skill = { id: 'book', name: 'Book', body: 'Book a call.', requiredTools: [CALENDAR] };
    const hook = `${at}/tool-bindings/${encodeURIComponent(HOOK)}`;
    await owner.put(hook, { config: { url: 'https://a.example/x', method: 'PUT' } });
    await owner.post(`${at}/skills`, { name: 'Post', body: 'Post it.', requiredTools: [HOOK] });
    for (const write of [
      () => owner.put(`${at}/personality`, { text: 'You are cold.' }),
      () => owner.post(`${at}/skills`, skill),
      () => owner.delete(`${at}/tool-bindings/${encodeURIComponent(CALENDAR)}`),
      () => owner.put(`${at}/personality`, { text: 'You are warm.' }),
      // Without its secret the tool is not ready.
      () => owner.put(hook, { config: { method: 'PUT' } }),
      () => owner.delete(hook),
    ]) {
      expect((await write()).status).toBeLessThan(300);
      const { headers } = await owner.get(at);
      const { body } = await owner.get(`${at}/prompt`);
      shown.push({ version: Number(headers.get('etag')?.replaceAll('"', '')), body });
    }
    return { id, at, shown };
  };

  it('has the prompt that was shown when the agent was at it', async () => {
    const { at, shown } = await edited();
    expect(new Set(shown.map(({ body }) => JSON.stringify(body))).size).toBe(6);
    expect(shown.map(({ body }) => String(body.text).includes('Post it.'))).toEqual([
      ...[true, true, true, true],
      ...[false, false],
    ]);
    for (const { version, body } of shown) {
      const { status, body: then } = await owner.get(`${at}/prompt?version=${version}`);
      expect(status).toBe(200);
      expect(then).toEqual(body);
    }
  });

  it('is the same over GraphQL, also in a list', async () => {
    const { id, shown } = await edited();
    const [first] = shown;
    const data = await owner.query(
      `query ($version: Int) { org(id: "acme") {
        agent(id: "${id}") { prompt(version: $version) { hash } }
        agents(query: "Versions", first: 1) { nodes { prompt(version: 1) { text } } }
      } }`,
      { version: first?.version },
    );
    const { agent, agents } = data.org as {
      agent: object;
      agents: { nodes: { prompt: { text: string } }[] };
    };
    expect(agent).toEqual({ prompt: { hash: first?.body.hash } });
    expect(agents.nodes[0]?.prompt.text).not.toContain('# Personality');
  });

  it('is refused if it is not kept', async () => {
    const { id, at } = await edited();
    for (const version of [99, 0, -1]) {
      const refused = await owner.get(`${at}/prompt?version=${version}`);
      expectRefusal(refused, 404, 'version.not_found');
    }
    expectRefusal(await owner.get(`${at}/prompt?version=x`), 400, 'request.invalid');
    const { errors, data } = await owner.graphql(
      `{ org(id: "acme") { agent(id: "${id}") { id prompt(version: 99) { text } } } }`,
    );
    expect(errors?.[0]?.extensions.code).toBe('version.not_found');
    expect(data).toEqual({ org: { agent: { id, prompt: null } } });
  });
});

describe('the changes between the prompts of two versions', () => {
  const changesOf = async (id: string, version: number, args = '') => {
    const { errors, data } = await owner.graphql(
      `{ org(id: "acme") { agent(id: "${id}") { atVersion(version: ${version}) {
        version
        promptChanges${args} {
          addedCharacters addedTokens isComplete
          sections { section addedCharacters addedTokens }
          hunks { beforeStart afterStart runs { kind lines } }
        }
      } } } }`,
    );
    const { org } = data as { org: { agent: { atVersion: { promptChanges: unknown } } } };
    return { changes: org.agent.atVersion.promptChanges, code: errors?.[0]?.extensions.code };
  };

  it('are lines, characters and tokens, by section', async () => {
    const id = await owner.createAgent({ name: 'Compared' });
    const at = `/orgs/acme/agents/${id}`;
    await owner.put(`${at}/personality`, { text: 'You are cold.' });
    await owner.put(`${at}/personality`, { text: 'You are very warm.' });
    const [before, after] = await Promise.all(
      [2, 3].map(async (version) => (await owner.get(`${at}/prompt?version=${version}`)).body),
    );
    const addedTokens = Number(after?.estimatedTokens) - Number(before?.estimatedTokens);
    const { changes } = await changesOf(id, 3);
    expect(changes).toEqual({
      addedCharacters: 5,
      addedTokens,
      isComplete: true,
      sections: [{ section: 'PERSONALITY', addedCharacters: 5, addedTokens }],
      hunks: [
        {
          beforeStart: 1,
          afterStart: 1,
          runs: [
            { kind: 'SAME', lines: ['# Personality', ''] },
            { kind: 'REMOVED', lines: ['You are cold.'] },
            { kind: 'ADDED', lines: ['You are very warm.'] },
            { kind: 'SAME', lines: ['', '# Skills', ''] },
          ],
        },
      ],
    });
    expect((await changesOf(id, 3, '(against: 2)')).changes).toEqual(changes);
    const nothing = { addedCharacters: 0, addedTokens: 0, sections: [], hunks: [] };
    expect((await changesOf(id, 3, '(against: 3)')).changes).toMatchObject(nothing);
    expect((await changesOf(id, 2, '(against: 3)')).changes).toMatchObject({ addedCharacters: -5 });
    const { body: first } = await owner.get(`${at}/prompt?version=1`);
    expect((await changesOf(id, 1, '(channel: SMS)')).changes).toMatchObject({
      addedCharacters:
        String(first.text).length + '\n\n# Channel\n\nThis conversation is on sms.'.length,
    });
  });

  it('have a playbook', async () => {
    const id = await owner.createAgent({ name: 'Played' });
    const at = `/orgs/acme/agents/${id}`;
    const playbook = (name: string) => ({
      id: name,
      name,
      body: `Play ${name}.`,
      whenToUse: 'Now',
    });
    await owner.post(`${at}/playbooks`, playbook('one'));
    await owner.post(`${at}/playbooks`, playbook('two'));
    await owner.patch(`${at}/playbooks/two`, { body: 'Play on.' });
    const { changes } = await changesOf(id, 4, '(playbook: "two")');
    expect(JSON.stringify(changes)).toContain('Play on.');
    expect((await changesOf(id, 4)).changes).toMatchObject({ hunks: [] });
    const missing = await changesOf(id, 3, '(playbook: "two")');
    expect(missing).toEqual({ changes: null, code: 'playbook.not_found' });
    const unknown = await changesOf(id, 4, '(against: 9)');
    expect(unknown).toEqual({ changes: null, code: 'version.not_found' });
  });

  it('are bounded', async () => {
    const id = await owner.createAgent({ name: 'Long' });
    const many = (text: string) =>
      Array.from({ length: 200 }, (_, i) => ({ name: `${text} ${i}`, body: text.repeat(1_500) }));
    const { status } = await owner.post(`/orgs/acme/agents/${id}/import`, {
      objectives: many('b'),
    });
    expect(status).toBe(200);
    const { changes } = await changesOf(id, 2);
    expect(changes).toMatchObject({ isComplete: false });
    expect(JSON.stringify((changes as { hunks: unknown }).hunks).length).toBeLessThan(300_000);
    expect((changes as { addedCharacters: number }).addedCharacters).toBeGreaterThan(300_000);
  });
});

/** Runs a module in a plain Node process. */
function plainNode(script: string, input: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [script], { maxBuffer: 1e8 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
    child.stdin?.end(JSON.stringify(input));
  });
}

it.each([
  ['by default', '', {}],
  [
    'with another playbook and a channel',
    '?playbookId=scheduling&channel=sms',
    {
      playbookId: 'scheduling',
      channel: 'sms',
    },
  ],
])('is what a runtime assembles with the package entry, %s', async (_, query, conversation) => {
  const read = async (path: string) => (await owner.get(path)).body;
  const assembled = await plainNode('test/kit/runtime.mjs', {
    name: (await read(AT)).name,
    definition: await read(`${AT}/export?format=json`),
    skills: (await read(`${AT}/skills`)).data,
    toolBindings: (await read(`${AT}/tool-bindings`)).data,
    catalogTools: (await read('/catalogs/tools')).data,
    conversation,
  });
  const { hash, text, withheld } = await promptOf(query);
  const own = JSON.parse(assembled) as Prompt;
  expect(own.hash).toBe(hash);
  expect(own.text).toBe(text);
  expect(own.withheld).toEqual(withheld);
});

it('has types for those who import the package entry', async () => {
  const folder = mkdtempSync(join('dist', 'types-'));
  try {
    writeFileSync(
      join(folder, 'user.ts'),
      `import { type Prompt, type PromptInput, promptOf, toolProblem } from 'agent-api/prompt';
      const input: PromptInput = {
        agent: { name: 'A', identity: {}, personality: null },
        systemSkills: [],
        guardrailTemplates: [],
        problemOfTool: () => toolProblem(true, undefined),
      };
      export const { hash, spans }: Prompt = promptOf(input);
      // @ts-expect-error it is a number
      export const start: string | undefined = spans[0]?.start;
      `,
    );
    const options = ['--ignoreConfig', '--strict', '--noEmit', '--module', 'nodenext'];
    const args = ['node_modules/typescript/bin/tsc', ...options, join(folder, 'user.ts')];
    const problems = await new Promise((resolve) => {
      execFile(process.execPath, args, (_error, stdout) => resolve(stdout));
    });
    expect(problems).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
