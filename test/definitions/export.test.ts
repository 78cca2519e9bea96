import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, exportText } from '../../src/definitions/export.ts';
import { yamlText } from '../../src/definitions/yaml.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { exportDefinition, exportedSection } from '../../src/domain/definitions.ts';
import { type Definition, SECTION_NAMES } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';
import { WORK } from '../kit/work.ts';

const wholeText = {
  json: (definition: Definition) => JSON.stringify(definition),
  yaml: (definition: Definition) => yamlText(definition),
};

/** As the store returns it. */
function frozen(agent: Agent): Agent {
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  };
  freeze(agent);
  return agent;
}

describe.each(EXPORT_FORMATS)('an export as %s', (format) => {
  const whole = (agent: Agent) => wholeText[format](exportDefinition(agent));

  it('is the text of the definition, also where versions share sections', async () => {
    await fc.assert(
      fc.asyncProperty(agents().map(frozen), agents().map(frozen), async (one, other) => {
        for (const agent of [one, other, one])
          expect(await exportText(WORK, agent, format)).toBe(whole(agent));
        for (const section of SECTION_NAMES) {
          const mixed = { ...one, [section]: other[section] };
          expect(await exportText(WORK, mixed, format)).toBe(whole(mixed));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does not keep the text of a section that may still change', async () => {
    const agent = { ...agentWith(), products: ['a'] };
    const before = await exportText(WORK, agent, format);
    agent.products.pop();
    expect(await exportText(WORK, agent, format)).not.toBe(before);
    expect(await exportText(WORK, agent, format)).toBe(whole(agent));
  });
});

it('writes the items of a list as YAML one after the other, so that other work runs in between', async () => {
  let jobs = 0;
  const work = {
    inTurn<T>(job: () => T): T {
      jobs += 1;
      return job();
    },
  };
  const skills = Array.from({ length: 40 }, (_, i) => ({
    id: `s${i}`,
    name: `S ${i}`,
    body: 'Text\n'.repeat(i),
    enabled: true,
  }));
  const agent = agentWith({ skills });
  expect(await exportText(work, agent, 'yaml')).toBe(yamlText(exportDefinition(agent)));
  expect(jobs).toBeGreaterThan(skills.length);
});

it.each(SECTION_NAMES)('reads %s from the part of the agent that has its name', (section) => {
  fc.assert(
    fc.property(agents(), (agent) => {
      const alone = { ...agentWith(), [section]: agent[section] };
      expect(exportedSection(section, alone)).toEqual(exportedSection(section, agent));
    }),
    { numRuns: 30 },
  );
});
