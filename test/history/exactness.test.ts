import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Agent, updateAgent } from '../../src/domain/agents.ts';
import { applyChanges } from '../../src/domain/changes.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import type { DefinitionInput } from '../../src/domain/sections.ts';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';
import { testStore } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const EDITS = 500;
const AGENTS = 4;
const HOOK = '@anychat/tool.custom-http-webhook';

let open: OpenServices;
beforeAll(async () => {
  open = await openServices(readSettings(testStore()));
});
afterAll(() => open.close());

/** What the agent was at a version. */
interface Seen {
  readonly name: string;
  readonly description: string | undefined;
  readonly json: string;
  readonly yaml: string;
}

async function seen(agent: Agent | Awaited<ReturnType<typeof contentOf>>): Promise<Seen> {
  const { definitions } = open.services;
  const { name, description } = agent;
  const json = await definitions.export(WORK, agent, 'json');
  const yaml = await definitions.export(WORK, agent, 'yaml');
  return { name, description, json, yaml };
}

const contentOf = (agent: Agent, version: number) =>
  open.services.history.content(WORK, agent, version);

const texts = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }).filter((it) => it.trim() !== ''),
  fc.constantFrom('Ann', 'Ben', '😀 x', '😁 x', 'lorem ipsum '.repeat(80)),
);

type Edit = (agent: Agent) => Promise<Agent>;

/** A section, or all that refer to each other, or everything, of any other agent. */
const imports = fc
  .tuple(agents(), fc.constantFrom('identity', 'personality', 'objectives', 'refs', 'all'))
  .map(([from, which]): Edit => {
    const all = exportDefinition(from);
    const { skills, messageTemplates, playbooks, outreach } = all;
    const parts = {
      identity: { identity: all.identity },
      personality: { personality: all.personality, products: all.products },
      objectives: { objectives: all.objectives, guardrails: all.guardrails },
      refs: { skills, messageTemplates, playbooks, outreach },
      all,
    }[which];
    return async (agent) => {
      const { definitions } = open.services;
      const shaped = (value: unknown) => value as DefinitionInput;
      const document = JSON.stringify(parts);
      return (await definitions.import(WORK, agent, undefined, { document }, shaped)).agent;
    };
  });

const edits: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: imports },
  texts.map(
    (name): Edit =>
      (agent) =>
        open.services.agents.change(WORK, agent, undefined, (it) => updateAgent(it, { name })),
  ),
  fc.option(texts).map(
    (description): Edit =>
      (agent) =>
        open.services.agents.change(WORK, agent, undefined, (it) =>
          updateAgent(it, { description }),
        ),
  ),
  fc.webPath().map((path): Edit => {
    const given = { config: { url: `https://hooks.acme.com${path}` } };
    return (agent) =>
      open.services.toolBindings.configure(WORK, agent, undefined, HOOK, 'replace', given);
  }),
);

it(`every version exports the same bytes as then, after ${EDITS} random edits`, async () => {
  const histories = new Map<string, { agent: Agent; versions: Map<number, Seen> }>();
  for (let i = 0; i < AGENTS; i += 1) {
    const agent = await open.services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
    histories.set(agent.id, { agent, versions: new Map([[1, await seen(agent)]]) });
  }
  const all = [...histories.values()];
  for (const [i, edit] of fc.sample(edits, EDITS).entries()) {
    const history = all[i % AGENTS];
    if (!history) throw new Error('no agent');
    history.agent = await edit(history.agent);
    history.versions.set(history.agent.version, await seen(history.agent));
  }
  for (const { agent, versions } of all) {
    expect(versions.size).toBe(agent.version);
    expect(agent.version).toBeGreaterThan(EDITS / AGENTS / 2);
    for (const [version, then] of versions) {
      expect(await seen(await contentOf(agent, version))).toEqual(then);
    }
  }
});

it('changes applied to one version give the other', async () => {
  const { agents: service, history } = open.services;
  let agent = await service.create(WORK, 'acme', { name: 'Acme SDR' });
  for (const edit of fc.sample(edits, 40)) agent = await edit(agent);
  for (let from = 1; from <= agent.version; from += 3) {
    const to = ((from * 7) % agent.version) + 1;
    const changes = await history.between(WORK, agent, from, to);
    const applied = applyChanges(agentWith(await contentOf(agent, from)), changes);
    const wanted = await seen(await contentOf(agent, to));
    expect(JSON.parse((await seen(applied)).json)).toEqual(JSON.parse(wanted.json));
    expect(applied.name).toBe(wanted.name);
    expect(applied.description).toBe(wanted.description);
  }
});
