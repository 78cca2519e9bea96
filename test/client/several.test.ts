import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Fate, type Meddler, startMeddler } from '../kit/meddler.ts';
import type { CommandResult } from '../kit/process.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import type { User } from '../kit/terminal.ts';
import { colder, userOf, type World, warmer, worldsInOneFolder } from './world.ts';

/** One command on several agents: the failure of one concerns that one alone. */

let server: TestServer;
let meddler: Meddler;
let user: User;
let first: World;
let second: World;

beforeAll(async () => {
  server = await startTestServer();
  meddler = await startMeddler(server.url);
  user = userOf(server, meddler.url);
});
afterAll(async () => {
  user.remove();
  await meddler.close();
  await server.stop();
});
beforeEach(async () => {
  meddler.decide(() => 'passed');
  const worlds = await worldsInOneFolder(server, user, 2);
  // As the commands order them.
  const [one, other] = worlds.toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
  if (!one || !other) throw new Error('there are two');
  [first, second] = [one, other];
});

const isApplyTo = ({ agent }: World, body: string) =>
  body.includes('importAgent') && body.includes('mutation') && body.includes(agent);

/** Does something on the server between the plan and the push of an agent. */
function betweenPlanAndPush(world: World, change: () => Promise<unknown>): void {
  let isMade = false;
  meddler.decide(async (body): Promise<Fate> => {
    if (isApplyTo(world, body) && !isMade) {
      isMade = true;
      await change();
    }
    return 'passed';
  });
}

const agentsIn = ({ stdout }: CommandResult) =>
  (JSON.parse(stdout) as { agents: Record<string, unknown>[] }).agents;

it('a conflict that arises during a push stops that agent alone', async () => {
  warmer(first);
  warmer(second);
  betweenPlanAndPush(first, () => colder(first));
  const pushed = await first.run('push', '--yes', '--json');
  expect(pushed, pushed.stderr).toMatchObject({ code: 3 });
  expect(agentsIn(pushed)).toMatchObject([
    {
      agent: first.agent,
      outcome: 'conflict',
      reason: 'both sides changed the same',
      conflicts: [{ section: 'personality', path: 'text' }],
    },
    { agent: second.agent, outcome: 'pushed', reason: null, conflicts: [] },
  ]);
  expect(await first.export()).toContain('You are cold.');
  expect(first.text).toContain('You are very warm.');
  expect(await second.export()).toContain('You are very warm.');
});

it('a merge that is not valid, which arises during a push, is an error of that agent', async () => {
  const playbook = (id: string) => ({ id, name: id, body: id, isDefault: true });
  first.here(
    'playbooks: []',
    'playbooks:\n  - id: ours\n    name: Ours\n    body: x\n    isDefault: true',
  );
  warmer(second);
  betweenPlanAndPush(first, () =>
    first.there('POST', '/import', { playbooks: [playbook('theirs')] }),
  );
  const pushed = await first.run('push', '--yes', '--json');
  expect(pushed, pushed.stdout + pushed.stderr).toMatchObject({ code: 1 });
  expect(agentsIn(pushed)).toMatchObject([
    { agent: first.agent, outcome: 'blocked' },
    { agent: second.agent, outcome: 'pushed' },
  ]);
  expect(await first.export()).not.toContain('ours');
});

it('a push without an answer says which agents are left', async () => {
  warmer(first);
  warmer(second);
  meddler.decide((body) => (isApplyTo(first, body) ? 'request lost' : 'passed'));
  const pushed = await first.run('push', '--yes');
  expect(pushed, pushed.stderr).toMatchObject({ code: 1 });
  expect(pushed.stderr).toMatch(`agent-api: ${first.agent}: no answer from`);
  expect(pushed.stderr).toMatch(`Not pushed: ${second.agent}.`);
  expect(await second.export()).toContain('You are warm.');
});

it('a file that cannot be read does not keep others from being pulled', async () => {
  first.here('agent:\n', 'agent: {\n');
  await colder(second);
  const pulled = await first.run('pull', '--json');
  expect(pulled).toMatchObject({ code: 1 });
  expect(pulled.stderr).toMatch(`agent-api: ${first.agent}: agents/${first.agent}.yaml:`);
  expect(agentsIn(pulled)).toMatchObject([
    { agent: first.agent, outcome: 'failed', error: { message: expect.any(String) } },
    { agent: second.agent, outcome: 'written' },
  ]);
  expect(second.text).toContain('You are cold.');
});
