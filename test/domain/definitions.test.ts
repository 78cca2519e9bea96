import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { DefinitionService, EXPORT_FORMATS } from '../../src/definitions/service.ts';
import type { Agent } from '../../src/domain/agents.ts';
import { DEFINITION_SECTIONS, importDefinition } from '../../src/domain/definitions.ts';
import type { DomainError, Problem } from '../../src/domain/errors.ts';
import { parseYaml } from '../../src/http/yaml.ts';

const AT = '2026-01-02T03:04:05.000Z';
const catalog = loadCatalog();
const service = new DefinitionService({
  catalog,
  toolBindings: { changeAll: () => Promise.reject(new Error('not here')) },
  effects: { now: () => new Date(AT) },
});

function bare(id: string): Agent {
  return {
    org: 'acme',
    id,
    uid: id,
    version: 1,
    name: id,
    identity: {},
    createdAt: AT,
    updatedAt: AT,
  };
}

function problemsOf(input: object, agent = bare('one')): readonly Problem[] {
  try {
    importDefinition(agent, input, catalog, AT);
    return [];
  } catch (error) {
    return (error as DomainError).problems;
  }
}

/** Any text that a store keeps: no lone surrogates. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const lines = fc
  .array(fc.oneof(text, fc.constantFrom('', '  x', '# y', '- z', '---', 'a: b', '|', '\t')))
  .map((parts) => `x${parts.join('\n')}`);
const prompt = fc.oneof(
  lines,
  fc.constantFrom('a\n', 'a\n\n', ' a', 'a \r\nb', 'yes', '1.0', 'null', '~'),
);
const template = fc.record({ templateId: text, version: text });
const id = fc.stringMatching(/^[a-z0-9]{1,8}$/).filter((one) => !catalog.systemSkills.get(one));
const optional = { requiredKeys: ['id', 'name', 'body'] as const };

function listOf<T extends { id: string }>(item: fc.Arbitrary<T>) {
  return fc.uniqueArray(item, { maxLength: 4, selector: (one) => one.id });
}
const partial = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T) =>
  fc.record(model, { requiredKeys: [] });

const agents = fc
  .record(
    {
      identity: partial({ brandColor: fc.constant('#1a73e8'), contactAvailability: text }),
      personality: fc.record(
        { description: text, text: prompt, derivedFrom: template },
        { requiredKeys: ['text'] },
      ),
      skills: listOf(
        fc.record(
          {
            id,
            name: text,
            body: prompt,
            description: text,
            enabled: fc.boolean(),
            requiredTools: fc.array(text),
            derivedFrom: template,
          },
          { requiredKeys: ['id', 'name', 'body', 'enabled'] },
        ),
      ),
      messageTemplates: listOf(
        fc.record(
          {
            id,
            name: text,
            body: fc.constantFrom('Hi {person.firstName | "there"}.\n', 'Hello'),
            description: text,
            defaultOnMissingSlot: fc.constantFrom('omit-message', 'block-send'),
          },
          { requiredKeys: [...optional.requiredKeys] },
        ),
      ),
      objectives: listOf(
        fc.record(
          { id, name: text, body: prompt, derivedFrom: template },
          { requiredKeys: [...optional.requiredKeys] },
        ),
      ).chain((list) =>
        fc
          .array(fc.integer({ min: -5, max: 5 }), {
            minLength: list.length,
            maxLength: list.length,
          })
          .map((ranks) => [...ranks].sort((a, b) => a - b))
          .map((ranks) => list.map((one, i) => ({ ...one, priority: ranks[i] }))),
      ),
      playbooks: listOf(
        fc.record(
          {
            id,
            name: text,
            body: prompt,
            whenToUse: text,
            examples: fc.array(
              fc.array(fc.record({ content: text, role: fc.constantFrom('user', 'agent') }), {
                maxLength: 2,
              }),
              { maxLength: 2 },
            ),
            toolRefs: fc.constantFrom([], ['@anychat/tool.google-calendar']),
            isOutbound: fc.constant(false),
            derivedFrom: template,
          },
          { requiredKeys: [...optional.requiredKeys] },
        ),
      ).map((list) => list.map((one, i) => ({ ...one, isDefault: i === list.length - 1 }))),
      guardrails: partial({
        topicsToAvoid: fc.array(text),
        additionalRules: prompt,
        derivedFromTemplates: fc.array(text),
      }),
      toolBindings: fc.constantFrom(
        [],
        [
          {
            config: { calendarId: 'x@acme.com' },
            enabled: false,
            toolId: '@anychat/tool.google-calendar',
          },
        ],
        [{ toolId: '@anychat/tool.google-calendar', enabled: true, config: {} }],
      ),
      products: fc.array(text),
    },
    { requiredKeys: ['identity'] },
  )
  .map((content) => ({ ...bare('any'), ...content }) as unknown as Agent);

describe('an export', () => {
  it.each(EXPORT_FORMATS)(
    'in %s says the same after it was imported, here and onto any other agent',
    (format) => {
      fc.assert(
        fc.property(agents, agents, (agent, other) => {
          const exported = service.export(agent, format);
          const read = format === 'json' ? JSON.parse(exported) : parseYaml(exported).value;
          for (const target of [agent, other, bare('new')]) {
            const { agent: imported, item } = importDefinition(target, read as object, catalog, AT);
            expect(service.export(imported, format)).toBe(exported);
            expect(item).toEqual(DEFINITION_SECTIONS);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('of an empty agent has every section, in order', () => {
    expect(service.export(bare('x'), 'yaml')).toBe(
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

  it('holds no secret and no grant', () => {
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
    const { agent: imported } = importDefinition(
      agent,
      JSON.parse(service.export(agent, 'json')) as object,
      catalog,
      AT,
    );
    expect(service.export(agent, 'yaml')).not.toMatch(/secret|abcd|credential|2026/);
    expect(imported.toolBindings).toEqual(agent.toolBindings);
  });
});

describe('an import', () => {
  const one = { id: 'a', name: 'A', body: 'A.' };

  it('leaves what it does not have, clears what is null, and writes nothing for nothing', () => {
    const agent = { ...bare('x'), personality: { text: 'Hi' }, products: ['p'] };
    expect(importDefinition(agent, {}, catalog, AT)).toEqual({ agent, item: [] });
    const { agent: cleared, item } = importDefinition(agent, { personality: null }, catalog, AT);
    expect(item).toEqual(['personality']);
    expect(cleared).toEqual({ ...bare('x'), products: ['p'] });
  });

  it('takes references to what it removes away from the sections that it leaves', () => {
    const agent: Agent = {
      ...bare('x'),
      messageTemplates: [{ ...one }],
      skills: [{ ...one, enabled: true }],
      outreach: { greetingTemplateId: 'a' },
      playbooks: [{ ...one, isDefault: true, skillRefs: ['a'], messageTemplateRefs: ['a'] }],
    };
    const input = { messageTemplates: null, skills: [] };
    const { agent: imported } = importDefinition(agent, input, catalog, AT);
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

  it('is bounded in depth without going deep itself', () => {
    let config: object = {};
    for (let i = 0; i < 100_000; i += 1) config = { config };
    expect(problemsOf({ toolBindings: [{ toolId: 'x', config }] })).toEqual([
      { path: '', message: 'the definition is more than 64 levels deep' },
    ]);
  });
});
