import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Answer } from '../kit/client.ts';
import type { CommandResult } from '../kit/process.ts';
import type { TestServer } from '../kit/server.ts';
import { User } from '../kit/terminal.ts';
import { runInProcess } from './in-process.ts';

const DEFINITION = {
  personality: { text: 'You are warm.\n\nYou are brief.\n\nYou are honest.\n' },
  objectives: [
    { id: 'qualify', name: 'Qualify', body: 'Find out what they need.', priority: 1 },
    { id: 'upsell', name: 'Upsell', body: 'Offer more.', priority: 2 },
  ],
};

/** One agent, its folder, and the server that others use meanwhile. */
export class World {
  readonly agent: string;
  folder: string;
  readonly #server: TestServer;
  readonly #user: User;

  constructor(server: TestServer, user: User, agent: string) {
    this.#server = server;
    this.#user = user;
    this.agent = agent;
    this.folder = join(user.home, agent);
  }

  get file(): string {
    return join(this.folder, 'agents', `${this.agent}.yaml`);
  }

  get text(): string {
    return readFileSync(this.file, 'utf8');
  }

  /** Runs a command of the client in this process: one at a time. */
  run(...args: string[]): Promise<CommandResult> {
    return runInProcess(this.folder, this.#user.env, args);
  }

  /** Runs a command of the client in a process of its own. */
  runAlone(...args: string[]): Promise<CommandResult> {
    return this.#user.run(this.folder, args);
  }

  /** Edits the file by hand. */
  here(from: string | RegExp, to: string): void {
    const edited = this.text.replace(from, to);
    expect(edited).not.toBe(this.text);
    writeFileSync(this.file, edited);
  }

  /** A request of somebody else. */
  async there(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.#server.owner.request(
      method,
      `/v1/orgs/acme/agents/${this.agent}${path}`,
      body,
    );
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer;
  }

  async export(): Promise<string> {
    return String((await this.#server.owner.get(`/orgs/acme/agents/${this.agent}/export`)).body);
  }

  /** The ETag of the agent. */
  async version(): Promise<string | null> {
    return (await this.#server.owner.get(`/orgs/acme/agents/${this.agent}`)).headers.get('etag');
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=dev', '-c', 'user.email=dev@acme.com'];
    return execFileSync('git', [...identity, ...args], { cwd: this.folder, encoding: 'utf8' });
  }

  commit(): void {
    this.git('init', '-q');
    this.git('add', '-A');
    this.git('commit', '-qm', 'agents');
  }

  /** Another clone of the folder. */
  clone(name: string): World {
    const clone = new World(this.#server, this.#user, this.agent);
    clone.folder = `${this.folder}-${name}`;
    execFileSync('git', ['clone', '-q', this.folder, clone.folder]);
    return clone;
  }
}

/** A user whose commands reach a server. @param url of a proxy in front of it */
export function userOf(server: TestServer, url = server.url): User {
  return new User({
    AGENT_API_URL: url,
    AGENT_API_TOKEN: server.owner.token ?? '',
    AGENT_API_ORG: 'acme',
  });
}

/** A new agent with its definition, pulled into a folder. */
export async function newWorld(server: TestServer, user: User): Promise<World> {
  const world = await newAgent(server, user);
  const { agent } = world;
  expect(await runInProcess(user.home, user.env, ['init', agent])).toMatchObject({ code: 0 });
  expect(await world.run('pull', agent)).toMatchObject({ code: 0 });
  return world;
}

async function newAgent(server: TestServer, user: User): Promise<World> {
  const agent = await server.owner.createAgent({ name: 'Sales' });
  await server.owner.post(`/orgs/acme/agents/${agent}/import`, DEFINITION);
  return new World(server, user, agent);
}

/** Several agents, pulled into one folder. */
export async function worldsInOneFolder(
  server: TestServer,
  user: User,
  count: number,
): Promise<readonly World[]> {
  const worlds: World[] = [];
  for (let i = 0; i < count; i++) {
    const world = i === 0 ? await newWorld(server, user) : await newAgent(server, user);
    world.folder = worlds[0]?.folder ?? world.folder;
    if (i > 0) expect(await world.run('pull', world.agent)).toMatchObject({ code: 0 });
    worlds.push(world);
  }
  return worlds;
}

/** An edit of the file, and one of the same text on the server. */
export const warmer = (world: World) => world.here('You are warm.', 'You are very warm.');
export const colder = (world: World) =>
  world.there('PUT', '/personality', {
    text: 'You are cold.\n\nYou are brief.\n\nYou are honest.\n',
  });
