import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import type { User } from '../kit/terminal.ts';
import { colder, newWorld, userOf, type World, warmer } from './world.ts';

const HOOK = '@anychat/tool.custom-http-webhook';
const SKILL = '@anychat/skill-template.call-booking';

let server: TestServer;
let user: User;

beforeAll(async () => {
  server = await startTestServer();
  user = userOf(server);
});
afterAll(async () => {
  user.remove();
  await server.stop();
});

interface Command {
  readonly run: string;
  readonly code: number;
  /** What stdout and stderr contain. */
  readonly says?: readonly RegExp[];
}

interface Row {
  readonly name: string;
  /** What happens before the commands. */
  readonly given?: (world: World) => unknown;
  /** Every command with its exit code, in order. */
  readonly commands: readonly Command[];
  /** What the server and the file have afterwards. */
  readonly there?: readonly string[];
  readonly file?: readonly string[];
  /** What neither has lost: the rest of what holds. */
  readonly afterwards?: (world: World) => unknown;
}

const ROWS: readonly Row[] = [
  {
    name: 'clean',
    commands: [
      { run: 'status', code: 0 },
      { run: 'diff', code: 0, says: [/^Nothing to push\.$/m] },
      { run: 'push', code: 0 },
      { run: 'pull', code: 0 },
    ],
  },
  {
    name: 'edited in the file',
    given: warmer,
    commands: [
      { run: 'status', code: 2, says: [/edited in the file/] },
      { run: 'diff', code: 2, says: [/personality text {2}changed/, /\{\+very \+\}warm/] },
      { run: 'push', code: 2, says: [/^Nothing was pushed\. Say --yes/m] },
      { run: 'pull', code: 0 },
      { run: 'push --yes -m Warmer', code: 0, says: [/: pushed$/m, /readiness: /] },
      { run: 'status', code: 0 },
    ],
    there: ['You are very warm.'],
    afterwards: async (world) => {
      const history = await server.owner.get(`/orgs/acme/agents/${world.agent}/history`);
      expect(history.body.data).toMatchObject([{ message: 'Warmer' }, {}, {}]);
    },
  },
  {
    name: 'edited on the server',
    given: colder,
    commands: [
      { run: 'status', code: 2, says: [/edited on the server/, /owner changed personality/] },
      { run: 'push --yes', code: 0, says: [/edited on the server only/] },
      { run: 'pull', code: 0 },
      { run: 'status', code: 0 },
    ],
    there: ['You are cold.'],
    file: ['You are cold.'],
  },
  {
    name: 'edited on both sides, apart: push',
    given: async (world) => {
      warmer(world);
      await world.there('PUT', '/identity', { brandColor: '#1a73e8' });
      await world.there('PATCH', '/objectives/upsell', { body: 'Offer less.' });
    },
    commands: [
      { run: 'status', code: 2, says: [/edited on both sides/] },
      { run: 'diff', code: 2, says: [/1 change to version/, /owner changed objectives/] },
      { run: 'push --yes', code: 0 },
      { run: 'status', code: 0 },
    ],
    there: ['You are very warm.', '#1a73e8', 'Offer less.'],
    file: ['You are very warm.', '#1a73e8', 'Offer less.'],
  },
  {
    name: 'edited on both sides, apart: pull, then push',
    given: async (world) => {
      world.here('You are honest.', 'You are honest. # not a comment');
      await colder(world);
    },
    commands: [
      { run: 'pull', code: 0, says: [/merged/] },
      { run: 'status', code: 2, says: [/edited in the file/] },
      { run: 'push --yes', code: 0 },
    ],
    there: ['You are cold.', 'You are honest. # not a comment'],
    file: ['You are cold.', 'You are honest. # not a comment'],
  },
  {
    name: 'edited on both sides, in one field: nothing is written',
    given: async (world) => {
      warmer(world);
      await colder(world);
    },
    commands: [
      { run: 'diff', code: 3, says: [/conflict/, /theirs by owner, .* ago \(version 3\)/] },
      { run: 'push --yes', code: 3, says: [/You are \{\+very \+\}warm/, /Nothing was pushed/] },
      { run: 'pull', code: 3 },
    ],
    there: ['You are cold.'],
    file: ['You are very warm.'],
  },
  {
    name: 'edited on both sides, in one field: yours',
    given: async (world) => {
      warmer(world);
      await colder(world);
      await world.there('PUT', '/identity', { brandColor: '#1a73e8' });
    },
    commands: [
      { run: 'push --yes --on-conflict yours', code: 0 },
      { run: 'status', code: 0 },
    ],
    there: ['You are very warm.', '#1a73e8'],
    file: ['You are very warm.', '#1a73e8'],
  },
  {
    name: 'edited on both sides, in one field: theirs',
    given: async (world) => {
      warmer(world);
      world.here('Offer more.', 'Offer nothing.');
      await colder(world);
    },
    commands: [
      { run: 'pull --on-conflict theirs', code: 0 },
      { run: 'push --yes', code: 0 },
      { run: 'status', code: 0 },
    ],
    there: ['You are cold.', 'Offer nothing.'],
    file: ['You are cold.', 'Offer nothing.'],
  },
  {
    name: 'renamed on both sides, apart',
    given: async (world) => {
      world.here('  name: Sales', '  name: Sales EU');
      await world.there('PATCH', '', { description: 'For Europe.' });
    },
    commands: [
      { run: 'push --yes', code: 0, says: [/agent name {2}changed/] },
      { run: 'status', code: 0 },
    ],
    file: ['  name: Sales EU', '  description: For Europe.'],
    afterwards: async (world) => {
      const { body } = await server.owner.get(`/orgs/acme/agents/${world.agent}`);
      expect(body).toMatchObject({ name: 'Sales EU', description: 'For Europe.' });
    },
  },
  {
    name: 'renamed on both sides, differently',
    given: async (world) => {
      world.here('  name: Sales', '  name: Sales EU');
      await world.there('PATCH', '', { name: 'Sales US' });
    },
    commands: [
      { run: 'push --yes', code: 3, says: [/agent name/] },
      { run: 'pull', code: 3 },
      { run: 'pull --on-conflict theirs', code: 0 },
      { run: 'status', code: 0 },
    ],
    file: ['  name: Sales US'],
  },
  {
    name: 'the file has the name of another agent',
    given: (world) => renameSync(world.file, join(world.folder, 'agents', 'other.yaml')),
    commands: [
      { run: 'push other --yes', code: 1, says: [/^ {2}agents\/other\.yaml:3:3: agent\.id must/m] },
      { run: 'status', code: 1 },
    ],
    there: ['You are warm.'],
  },
  {
    name: 'the file was removed',
    given: (world) => rmSync(world.file),
    commands: [
      { run: 'status', code: 2, says: [/the file was removed/] },
      { run: 'push --yes', code: 0, says: [/push --delete/] },
      { run: 'pull', code: 0, says: [/its file stays removed/] },
      { run: 'push --delete', code: 2, says: [/the agent is removed, with its people/] },
    ],
    there: ['You are warm.'],
  },
  {
    name: 'the file was removed, and the agent with it',
    given: (world) => rmSync(world.file),
    commands: [
      { run: 'push --delete --yes', code: 0, says: [/: removed$/m] },
      { run: 'status', code: 0 },
    ],
    afterwards: async (world) => {
      const { status } = await server.owner.get(`/orgs/acme/agents/${world.agent}`);
      expect(status).toBe(404);
    },
  },
  {
    name: 'the file was removed, and the agent edited',
    given: async (world) => {
      rmSync(world.file);
      await colder(world);
    },
    commands: [
      { run: 'push --delete --yes', code: 3, says: [/the agent was edited since version 2/] },
      { run: 'AGENT', code: 0 },
    ],
    there: ['You are cold.'],
    file: ['You are cold.'],
  },
  {
    name: 'the agent was removed on the server',
    given: async (world) => {
      warmer(world);
      await world.there('DELETE', '');
    },
    commands: [
      { run: 'status', code: 2, says: [/removed on the server/] },
      { run: 'push --yes', code: 3, says: [/the agent was removed on the server/] },
      { run: 'pull', code: 3 },
      { run: 'push --yes --on-conflict yours', code: 0, says: [/: created$/m] },
      { run: 'status', code: 0 },
    ],
    there: ['You are very warm.'],
    file: ['You are very warm.'],
  },
  {
    name: 'the agent was removed on the server, and the file after it',
    given: (world) => world.there('DELETE', ''),
    commands: [
      { run: 'pull --on-conflict theirs', code: 0, says: [/file removed/] },
      { run: 'status', code: 0 },
    ],
    afterwards: (world) => expect(existsSync(world.file)).toBe(false),
  },
  {
    name: 'the agent was removed and created again with its id',
    given: async (world) => {
      await world.there('DELETE', '');
      await server.owner.createAgent({ id: world.agent, name: 'Another' });
    },
    commands: [
      { run: 'status', code: 2, says: [/no version that both are from/] },
      { run: 'push --yes', code: 3, says: [/removed and created again/] },
      { run: 'pull', code: 3 },
      { run: 'push --yes --on-conflict yours', code: 0 },
      { run: 'status', code: 0 },
    ],
    there: ['You are warm.'],
    file: ['  name: Sales'],
  },
  {
    name: 'a fresh clone',
    given: (world) => {
      world.commit();
      world.folder = world.clone('fresh').folder;
    },
    commands: [
      { run: 'status', code: 0 },
      { run: 'pull', code: 0 },
      { run: 'push', code: 0 },
    ],
    afterwards: (world) => expect(world.git('status', '--short')).toBe(''),
  },
  {
    name: 'a fresh clone that is behind',
    given: async (world) => {
      world.commit();
      await colder(world);
      world.folder = world.clone('behind').folder;
      world.here('Offer more.', 'Offer nothing.');
    },
    commands: [{ run: 'push --yes', code: 0 }],
    there: ['You are cold.', 'Offer nothing.'],
    file: ['You are cold.', 'Offer nothing.'],
  },
  {
    name: 'the file is no YAML',
    given: (world) => world.here('agent:\n', 'agent: {\n'),
    commands: [
      { run: 'status', code: 1, says: [/^agents\/[\w-]+\.yaml:\d+:\d+: /m] },
      { run: 'push --yes', code: 1 },
      { run: 'pull', code: 1 },
    ],
    there: ['You are warm.'],
    file: ['agent: {\n'],
  },
  {
    name: 'the file is not valid',
    given: (world) => world.here('priority: 1', 'priority: first'),
    commands: [{ run: 'push --yes', code: 1, says: [/\.yaml:\d+:\d+: objectives\[0\]\.priority/] }],
    there: ['You are warm.'],
    file: ['priority: first'],
  },
  {
    name: 'the file has another ending',
    given: (world) => renameSync(world.file, world.file.replace('.yaml', '.yml')),
    commands: [
      { run: 'status', code: 1, says: [/agents\/[\w-]+\.yml is not read: name it ID\.yaml/] },
      { run: 'validate', code: 1 },
      { run: 'push --yes --delete', code: 1 },
      { run: 'pull', code: 1 },
    ],
    there: ['You are warm.'],
  },
  {
    name: 'the file says the same in other words',
    given: (world) => world.here(/ {4}priority: 1\n/, ''),
    commands: [
      { run: 'status', code: 2, says: [/edited in the file/] },
      { run: 'push --yes', code: 0, says: [/^Nothing to push\.$/m] },
      { run: 'status', code: 0 },
    ],
    there: ['Find out what they need.'],
  },
  {
    name: 'a file of an unknown agent',
    given: (world) => {
      const text = world.text.replace(world.agent, `${world.agent}-2`);
      writeFileSync(join(world.folder, 'agents', `${world.agent}-2.yaml`), text);
    },
    commands: [
      { run: 'status', code: 2, says: [/a new file/] },
      { run: 'pull', code: 0 },
      { run: 'push', code: 2, says: [/a new agent/, /readiness: (ready|\d+ errors?)$/m] },
      { run: 'push --yes', code: 0, says: [/-2: created$/m] },
      { run: 'status', code: 0 },
    ],
    afterwards: async (world) => {
      const { body } = await server.owner.get(`/orgs/acme/agents/${world.agent}-2/export`);
      expect(body).toContain('You are warm.');
    },
  },
  {
    name: 'a file of an unknown agent that is not valid',
    given: (world) => {
      const text = world.text
        .replace(world.agent, `${world.agent}-3`)
        .replace('priority: 1', 'priority: first');
      writeFileSync(join(world.folder, 'agents', `${world.agent}-3.yaml`), text);
    },
    commands: [
      { run: 'diff', code: 1, says: [/-3\.yaml:\d+:\d+: objectives\[0\]\.priority/] },
      { run: 'push --yes', code: 1, says: [/Nothing was pushed/] },
    ],
    afterwards: async (world) => {
      const { status } = await server.owner.get(`/orgs/acme/agents/${world.agent}-3`);
      expect(status).toBe(404);
    },
  },
  {
    name: 'a file of an unknown agent that exists',
    given: async (world) => {
      const id = await server.owner.createAgent({ name: 'Theirs' });
      const text = world.text.replace(world.agent, id);
      writeFileSync(join(world.folder, 'agents', `${id}.yaml`), text);
    },
    commands: [
      { run: 'push --yes', code: 3, says: [/this file was not pulled from it/] },
      { run: 'pull', code: 3 },
    ],
  },
  {
    name: 'parts from a template',
    given: async (world) => {
      await world.there('POST', '/skills/import', { templateId: SKILL });
      await world.run('pull');
      world.here('enabled: true', 'enabled: false');
      await colder(world);
    },
    commands: [{ run: 'push --yes', code: 0 }],
    there: [`templateId: "${SKILL}"`, 'enabled: false', 'You are cold.'],
  },
  {
    name: 'secrets',
    given: async (world) => {
      const binding = `/tool-bindings/${encodeURIComponent(HOOK)}`;
      await world.there('PUT', binding, {
        config: { url: 'https://a.example/4711', authHeader: 'Bearer hush-hush', method: 'POST' },
      });
      await world.run('pull');
      expect(world.text).not.toMatch(/hush-hush|4711/);
      world.here('method: POST', 'method: PUT');
      await colder(world);
    },
    commands: [
      { run: 'push --yes', code: 0 },
      { run: 'status', code: 0 },
    ],
    there: ['method: PUT', 'You are cold.'],
    afterwards: async (world) => {
      const { body } = await world.there('GET', `/tool-bindings/${encodeURIComponent(HOOK)}`);
      expect(JSON.stringify(body)).not.toContain('hush-hush');
      expect(body).toMatchObject({ configStatus: 'complete', config: { authHeader: {}, url: {} } });
    },
  },
];

it.each(ROWS)('$name', async ({ given, commands, there = [], file = [], afterwards }) => {
  const world = await newWorld(server, user);
  const { agent } = world;
  await given?.(world);
  for (const { run, code, says = [] } of commands) {
    const args = run === 'AGENT' ? ['pull', agent] : run.split(' ');
    const result = await world.run(...args);
    const printed = `${result.stdout}${result.stderr}`;
    expect({ run, code: result.code }, printed).toEqual({ run, code });
    for (const pattern of says) expect(printed).toMatch(pattern);
  }
  const definition = there.length > 0 ? await world.export() : '';
  for (const text of there) expect(definition).toContain(text);
  for (const text of file) expect(world.text).toContain(text);
  await afterwards?.(world);
});
