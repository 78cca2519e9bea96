import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../src/definitions/export.ts';
import { DefinitionService } from '../../src/definitions/service.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { importDefinition } from '../../src/domain/definitions.ts';
import type { DomainError, Problem } from '../../src/domain/errors.ts';
import { accepted } from '../../src/domain/outcome.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { YamlThread } from '../../src/yaml/thread.ts';
import { agentWith } from '../kit/agent.ts';
import { agents } from '../kit/sections.ts';
import { WORK } from '../kit/work.ts';

const AT = '2026-01-02T03:04:05.000Z';
const catalog = loadCatalog();
const unused = () => Promise.reject(new Error('not used'));
const service = new DefinitionService({
  catalog,
  yaml: new YamlThread(),
  agents: { get: () => unused(), find: () => unused(), absent: () => unused() },
  history: { content: () => unused(), attributed: () => unused() },
  plans: { carryOut: () => unused(), carryOutOrCreate: () => unused() },
});
const exportOf = (agent: Agent, format: ExportFormat) => service.export(WORK, agent, format);

const bare = (id: string) => agentWith({ id, uid: id, name: id });

function problemsOf(input: object, agent = bare('one')): readonly Problem[] {
  try {
    accepted(importDefinition(agent, input, catalog));
    return [];
  } catch (error) {
    return (error as DomainError).problems;
  }
}

describe('an export', () => {
  it.each(EXPORT_FORMATS)(
    'in %s is the same after it was imported, into the same agent and into any other',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(agents(), agents(), async (agent, other) => {
          const exported = await exportOf(agent, format);
          const read = format === 'json' ? JSON.parse(exported) : parseYaml(exported).value;
          for (const target of [agent, other, bare('new')]) {
            const { agent: imported, item } = accepted(
              importDefinition(target, read as object, catalog),
            );
            expect(await exportOf(imported, format)).toBe(exported);
            expect(item).toEqual(SECTION_NAMES);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('of an empty agent has every section, in order', async () => {
    expect(await exportOf(bare('x'), 'yaml')).toBe(
      [
        'identity: {}',
        'personality: null',
        'playbooks: []',
        'objectives: []',
        'skills: []',
        'guardrails: {}',
        'messageTemplates: []',
        'outreach: {}',
        'toolBindings: []',
        'products: []',
        '',
      ].join('\n'),
    );
  });

  it('contains no secrets and no grants', async () => {
    const agent: Agent = {
      ...bare('x'),
      toolBindings: [
        {
          toolId: '@anychat/tool.google-calendar',
          enabled: true,
          config: {},
          secrets: { key: { id: 'secret_1', hint: '…abcd', updatedAt: AT } },
          oauth: { credentialId: 'credential_1', connectedAt: AT },
        },
      ],
    };
    const { agent: imported } = accepted(
      importDefinition(agent, JSON.parse(await exportOf(agent, 'json')) as object, catalog),
    );
    expect(await exportOf(agent, 'yaml')).not.toMatch(/secret|abcd|credential|2026/);
    expect(imported.toolBindings).toEqual(agent.toolBindings);
  });
});

describe('an import', () => {
  const one = { id: 'a', name: 'A', body: 'A.' };

  it('leaves absent sections unchanged, empties sections that are null, and without sections returns the agent', () => {
    const agent = { ...bare('x'), personality: { text: 'Hi' }, products: ['p'] };
    expect(accepted(importDefinition(agent, {}, catalog))).toEqual({ agent, item: [] });
    const { agent: cleared, item } = accepted(
      importDefinition(agent, { personality: null }, catalog),
    );
    expect(item).toEqual(['personality']);
    expect(cleared).toEqual({ ...bare('x'), products: ['p'] });
  });

  it('removes references to removed items from the other sections', () => {
    const agent: Agent = {
      ...bare('x'),
      messageTemplates: [{ ...one }],
      skills: [{ ...one, enabled: true }],
      outreach: { greetingTemplateId: 'a' },
      playbooks: [{ ...one, isDefault: true, skillRefs: ['a'], messageTemplateRefs: ['a'] }],
    };
    const input = { messageTemplates: null, skills: [] };
    const { agent: imported } = accepted(importDefinition(agent, input, catalog));
    expect(imported.outreach).toEqual({});
    expect(imported.playbooks?.[0]).toMatchObject({ skillRefs: [], messageTemplateRefs: [] });
  });

  it.each([
    [{ playbooks: [one] }, ['playbooks']],
    [
      {
        playbooks: [
          { ...one, isDefault: true },
          { ...one, isDefault: true },
        ],
      },
      ['playbooks', 'playbooks[1].id'],
    ],
    [
      { playbooks: [{ ...one, isDefault: true, skillRefs: ['no'], messageTemplateRefs: ['no'] }] },
      ['playbooks[0].messageTemplateRefs[0]', 'playbooks[0].skillRefs[0]'],
    ],
    [
      {
        objectives: [
          { ...one, priority: 9 },
          { ...one, priority: 1 },
        ],
      },
      ['objectives[1].id'],
    ],
    [{ skills: [{ ...one, id: catalog.systemSkills.list()[0]?.id }] }, ['skills[0].id']],
    [
      { messageTemplates: [{ ...one, id: 'No', body: '{' }] },
      ['messageTemplates[0].body', 'messageTemplates[0].id'],
    ],
    [{ outreach: { greetingTemplateId: 'no' } }, ['outreach.greetingTemplateId']],
    [
      {
        toolBindings: [
          { toolId: 'no' },
          { toolId: '@anychat/tool.google-calendar', config: { no: 1 } },
        ],
      },
      ['toolBindings[0].toolId', 'toolBindings[1].config.no'],
    ],
    [{ products: Array.from({ length: 10_001 }, () => 'p') }, ['']],
  ])('of %j is refused', (input, paths) => {
    expect(
      problemsOf(input)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(paths);
  });

  it('is bounded in depth, also if it is deeper than the call stack', () => {
    let config: object = {};
    for (let i = 0; i < 100_000; i += 1) config = { config };
    expect(problemsOf({ toolBindings: [{ toolId: 'x', config }] })).toEqual([
      { path: '', message: 'the definition is more than 64 levels deep' },
    ]);
  });
});
