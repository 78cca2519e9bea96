import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, exportText } from '../../src/definitions/export.ts';
import { yamlText } from '../../src/definitions/yaml.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { exportDefinition, exportedSection } from '../../src/domain/definitions.ts';
import { type Definition, SECTION_NAMES } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';

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

  it('is the text of the definition, also where versions share sections', () => {
    fc.assert(
      fc.property(agents().map(frozen), agents().map(frozen), (one, other) => {
        for (const agent of [one, other, one]) expect(exportText(agent, format)).toBe(whole(agent));
        for (const section of SECTION_NAMES) {
          const mixed = { ...one, [section]: other[section] };
          expect(exportText(mixed, format)).toBe(whole(mixed));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does not keep the text of a section that may still change', () => {
    const agent = { ...agentWith(), products: ['a'] };
    const before = exportText(agent, format);
    agent.products.pop();
    expect(exportText(agent, format)).not.toBe(before);
    expect(exportText(agent, format)).toBe(whole(agent));
  });
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
