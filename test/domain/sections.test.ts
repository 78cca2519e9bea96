import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { exportDefinition, importDefinition } from '../../src/domain/definitions.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';

const catalog = loadCatalog();
const EMPTY = exportDefinition(agentWith());

describe('the table of sections', () => {
  it.each(SECTION_NAMES)('reads and applies %s', (section) => {
    fc.assert(
      fc.property(agents(), (agent) => {
        const given = exportDefinition(agent);
        fc.pre(JSON.stringify(given[section]) !== JSON.stringify(EMPTY[section]));
        const before = { ...agent, [section]: agentWith()[section] };
        const { agent: imported } = importDefinition(
          before,
          { [section]: given[section] },
          catalog,
        );
        expect(
          exportDefinition(imported)[section],
          `an export must contain '${section}' as it was imported: see \`read\`, \`apply\`, \`complete\` and \`shape\` of its entry in src/domain/sections.ts`,
        ).toEqual(given[section]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(SECTION_NAMES)('empties %s where the import has null', (section) => {
    fc.assert(
      fc.property(agents(), (agent) => {
        const { agent: imported } = importDefinition(agent, { [section]: null }, catalog);
        expect(exportDefinition(imported)[section]).toEqual(EMPTY[section]);
      }),
      { numRuns: 30 },
    );
  });
});
