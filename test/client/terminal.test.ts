import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { User } from '../kit/terminal.ts';
import { colder, newWorld, userOf, type World, warmer } from './world.ts';

let server: TestServer;
let user: User;
/** Its edit is not pushed. */
let unpushed: World | undefined;

beforeAll(async () => {
  server = await startTestServer();
  user = userOf(server);
});
afterAll(async () => {
  user.remove();
  await server.stop();
});

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

describe('push on a terminal', () => {
  const push = ({ folder }: World, answerTo: (question: string) => string | Promise<string>) =>
    user.runOnTerminal(folder, ['push'], answerTo);

  it('shows what would change, and pushes it once that is confirmed', async () => {
    const world = await newWorld(server, user);
    warmer(world);
    const { code, shown } = await push(world, async () => {
      expect(await world.export()).not.toContain('very warm');
      return 'y\n';
    });
    expect(code, shown).toBe(0);
    // In colours: `very` is what is added.
    expect(shown).toContain('You are \u001b[32mvery \u001b[0mwarm.');
    expect(await world.export()).toContain('You are very warm.');
  });

  it.each([
    ['no', 'n\n'],
    ['an empty answer', '\n'],
    ['Ctrl+C', CTRL_C],
    ['Ctrl+D', CTRL_D],
  ])('pushes nothing on %s', async (_, answer) => {
    unpushed ??= await newWorld(server, user);
    const world = unpushed;
    if (!world.text.includes('very warm')) warmer(world);
    const before = await world.version();
    const { code, shown } = await push(world, () => answer);
    expect(code, shown).toBe(2);
    expect(shown).toMatch(/Nothing was pushed\. Say --yes to push it\.\s*$/);
    expect(await world.version()).toBe(before);
  });

  it('pushes nothing but what was shown: not if the agent has changed meanwhile', async () => {
    const world = await newWorld(server, user);
    world.here('Offer more.', 'Offer nothing.');
    const { code, shown } = await push(world, async () => {
      await colder(world);
      return 'y\n';
    });
    expect(code, shown).toBe(3);
    expect(shown).toContain('has changed since the plan was made: run push again');
    expect(await world.export()).toMatch(/You are cold\..*Offer more\./s);
    expect(await world.run('push', '--yes')).toMatchObject({ code: 0 });
    expect(await world.export()).toMatch(/You are cold\..*Offer nothing\./s);
  });
});

describe('login on a terminal', () => {
  it('asks for the token and does not show it', async () => {
    const own = new User();
    const token = server.owner.token ?? '';
    const login = (answer: string) =>
      own.runOnTerminal(own.home, ['login', '--url', server.url], () => answer);
    try {
      const left = await login(CTRL_C);
      expect(left.code, left.shown).toBe(1);
      expect(left.shown).not.toMatch(/\n {4}at /);
      const { code, shown } = await login(`${token}\n`);
      expect(code, shown).toBe(0);
      expect(shown).not.toContain(token);
      const profiles = join(own.home, 'config', 'agent-api', 'profiles.json');
      expect(readFileSync(profiles, 'utf8')).toContain(token);
    } finally {
      own.remove();
    }
  });
});
