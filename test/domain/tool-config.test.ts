import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { TOOL_BINDINGS_SECTION } from '../../src/domain/tool-binding-definitions.ts';
import {
  type AgentToolBinding,
  configStatus,
  emptyToolBinding,
  missingFields,
  readableConfig,
} from '../../src/domain/tool-bindings.ts';
import { configured, hintOf, newSecrets } from '../../src/domain/tool-config.ts';

import { agentWith } from '../kit/agent.ts';
import { kindOf } from '../kit/catalog.ts';

const AT = '2026-07-01T00:00:00.000Z';
const tool = {
  id: '@anychat/tool.test',
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['token', 'name'],
    properties: {
      name: { type: 'string' },
      token: { type: 'string', writeOnly: true, minLength: 4 },
      nested: {
        type: 'object',
        required: ['a'],
        properties: { a: { type: 'integer' }, b: { type: 'integer' } },
      },
    },
  },
};
const idsOf = (config: object) =>
  new Map(
    [...newSecrets({ tool, mode: 'replace', config: { ...config } }).keys()].map((field) => [
      field,
      `sec_${field}`,
    ]),
  );
const set = (config: object, current?: AgentToolBinding, mode: 'replace' | 'merge' = 'replace') =>
  configured(current, { tool, mode, config: { ...config } }, idsOf(config), AT);

describe('a hint', () => {
  it('shows the end of a value, at most four characters and a third of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const shown = hintOf(value).slice(1);
        expect(value.endsWith(shown)).toBe(true);
        expect([...shown].length).toBeLessThanOrEqual(Math.min(4, [...value].length / 3));
      }),
    );
  });

  it.each([
    ['sk-live-0815', '…0815'],
    ['1234', '…4'],
    ['12', '…'],
    ['', '…'],
    [42, '…'],
  ])('of %j is %s', (value, hint) => expect(hintOf(value)).toBe(hint));
});

describe('a config', () => {
  it('keeps secrets out of the binding', () => {
    const binding = set({ name: 'n', token: 'planted-token' });
    expect(JSON.stringify(binding)).not.toContain('planted');
    expect(readableConfig(binding, tool)).toEqual({
      name: 'n',
      token: { configured: true, hint: '…oken', updatedAt: AT },
    });
    expect(configStatus(binding, tool)).toBe('complete');
  });

  it('merges nested objects, and checks the result', () => {
    const binding = set({ nested: { a: 1, b: 2 } });
    expect(set({ nested: { b: null } }, binding, 'merge').config).toEqual({ nested: { a: 1 } });
    expect(() => set({ nested: { a: null } }, binding, 'merge')).toThrow('config.nested.a');
  });

  it('of a tool that the catalog no longer has can be read, and is incomplete', () => {
    const binding = set({ name: 'n', token: 'planted-token' });
    expect(readableConfig(binding, undefined)).toEqual(readableConfig(binding, tool));
    expect(configStatus(binding, undefined)).toBe('incomplete');
    expect(missingFields(binding, undefined)).toEqual([]);
  });

  it('hides a plain value whose field has since become a secret in the catalog', () => {
    const binding = { ...emptyToolBinding(tool.id), config: { token: 'planted-token' } };
    expect(readableConfig(binding, tool)).toEqual({});
    expect(missingFields(binding, tool)).toEqual(['token', 'name']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('has no field %s', (field) => {
    const config = JSON.parse(`{ "${field}": { "configured": true } }`) as object;
    expect(() =>
      configured(
        undefined,
        { tool, mode: 'replace', config: config as Record<string, unknown> },
        new Map(),
        AT,
      ),
    ).toThrow(`config.${field}`);
  });
});

describe('imported bindings', () => {
  const { complete, apply, validate } = TOOL_BINDINGS_SECTION;
  const catalog = { ...loadCatalog(), tools: kindOf([tool]) };
  const bound = set({ name: 'n', token: 'planted-token' });
  const replace = (current: AgentToolBinding, given: Parameters<typeof complete>[0]) =>
    apply(agentWith({ toolBindings: [current] }), complete(given, catalog)).toolBindings;

  it('keep the secrets and the grant of a tool that stays bound', () => {
    const oauth = { credentialId: 'cred_1', connectedAt: AT };
    const given = [{ toolId: tool.id, enabled: false, config: { name: 'm' } }];
    expect(replace({ ...bound, oauth }, given)).toEqual([
      { ...bound, oauth, enabled: false, config: { name: 'm' } },
    ]);
  });

  it('replace those of other tools', () => expect(replace(bound, [])).toEqual([]));

  it('are refused with every problem', () => {
    const given = [
      { toolId: tool.id, config: { token: 'planted-token', soup: 1 } },
      { toolId: 'nobody' },
      { toolId: tool.id },
    ];
    expect(validate(given, agentWith(), catalog)).toEqual([
      { path: 'toolBindings[0].config.token', message: expect.stringContaining('write-only') },
      { path: 'toolBindings[1].toolId', message: expect.any(String) },
      { path: 'toolBindings[2].toolId', message: 'is bound twice' },
    ]);
  });
});
