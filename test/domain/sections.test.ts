import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { exportDefinition, importDefinition } from '../../src/domain/definitions.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { accepted } from '../../src/domain/outcome.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';

const catalog = loadCatalog();
const EMPTY = exportDefinition(agentWith());

describe('the table of sections', () => {
  it.each(SECTION_NAMES)('reads and applies %s', (section) => {
    const advice = `an export must contain '${section}' as it was imported: see \`read\`, \`complete\`, \`apply\` and \`shape\` of its entry in src/domain/sections.ts`;
    let filled = 0;
    fc.assert(
      fc.property(agents(), (agent) => {
        const given = exportDefinition(agent);
        const { [section]: _, ...others } = agent;
        const before = agentWith(others);
        const { agent: after } = accepted(
          importDefinition(before, { [section]: given[section] }, catalog),
        );
        expect(exportDefinition(after)[section], advice).toEqual(given[section]);
        if (JSON.stringify(given[section]) !== JSON.stringify(EMPTY[section])) filled += 1;
      }),
      { numRuns: 30 },
    );
    expect(filled, advice).toBeGreaterThan(0);
  });

  it.each(SECTION_NAMES)('refuses a repeated item of %s, if its items have ids', (section) => {
    const advice = `see \`validate\` of the entry of '${section}' in src/domain/sections.ts`;
    fc.assert(
      fc.property(agents(), (agent) => {
        const { [section]: items } = exportDefinition(agent);
        if (!Array.isArray(items) || typeof items[0] !== 'object') return;
        const given = { [section]: [...items, items[0]] };
        expect(() => accepted(importDefinition(agent, given, catalog)), advice).toThrow(
          DomainError,
        );
      }),
      { numRuns: 30 },
    );
  });

  it.each(SECTION_NAMES)('empties %s where an import has null', (section) => {
    fc.assert(
      fc.property(agents(), (agent) => {
        const { agent: emptied } = accepted(importDefinition(agent, { [section]: null }, catalog));
        expect(exportDefinition(emptied)[section]).toEqual(EMPTY[section]);
      }),
      { numRuns: 30 },
    );
  });
});
