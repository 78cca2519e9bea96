import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editedYaml } from '../../src/client/yaml-edit.ts';
import { USUAL_LAYOUT, yamlText } from '../../src/client/yaml-text.ts';
import { exportDefinition } from '../../src/domain/definitions.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { agents } from '../kit/sections.ts';

const FILE = `# yaml-language-server: $schema=https://a.example/v1/schemas/agent.json
# Owned by sales.
agent:   # who it is
  id: acme-sdr
  name: "Acme SDR"   # as on the website

personality:
  text: |  # reviewed in May
    You are warm.

    You are brief.

# In order of weight.
objectives:
  # The one that counts.
  - id: qualify
    name:   Qualify
    body: 'Find out'   # short
    priority: 1
  # Only on Fridays.
  - priority: 2
    id: upsell
    name: Upsell
    body: Sell

products: [a, b]  # both
guardrails:
  rules:
  - never lie   # ever
  - be kind
`;

/** The file with each text in place of another one. */
function with_(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, FILE);
}

/** The file edited so that its value is changed by a function. */
// biome-ignore lint/suspicious/noExplicitAny: the value of a YAML text
function edited(change: (value: any) => void, text = FILE): string {
  const value = parse(text);
  change(value);
  return editedYaml(text, value);
}

describe('a file that is edited in place', () => {
  it('keeps its bytes if nothing changes', () => {
    expect(edited(() => {})).toBe(FILE);
  });

  it('changes one text and keeps its quotes and its comment', () => {
    const result = edited((it) => {
      it.agent.name = 'Acme: SDR';
      it.objectives[0].body = 'Ask';
    });
    expect(result).toBe(with_(['"Acme SDR"', '"Acme: SDR"'], ["'Find out'", "'Ask'"]));
  });

  it('changes a block and keeps the comment behind its header', () => {
    const result = edited((it) => {
      it.personality.text = 'You are cold.\n\nYou are brief.\n';
    });
    expect(result).toBe(with_(['You are warm.', 'You are cold.'], ['|  #', '|  #']));
  });

  it('makes a block of a text that gets several lines', () => {
    const result = edited((it) => {
      it.objectives[0].body = 'One\nTwo';
    });
    expect(result).toBe(with_(["'Find out'   # short", '|-   # short\n      One\n      Two']));
  });

  it('adds a field behind the one that precedes it', () => {
    const result = edited((it) => {
      const { id, ...rest } = it.objectives[1];
      it.objectives[1] = { id, enabled: false, ...rest };
    });
    expect(result).toBe(with_(['    id: upsell\n', '    id: upsell\n    enabled: false\n']));
  });

  it('removes the first field of an item', () => {
    const result = edited((it) => {
      delete it.objectives[1].priority;
    });
    expect(result).toBe(with_(['  - priority: 2\n    id: upsell', '  - id: upsell']));
  });

  it('moves an item with the comment in front of it', () => {
    const result = edited((it) => {
      it.objectives.push({ id: 'new', name: 'New', body: 'a\nb\n' });
      it.objectives.push(it.objectives.shift());
    });
    expect(parse(result).objectives.map((it: { id: string }) => it.id)).toEqual([
      'upsell',
      'new',
      'qualify',
    ]);
    expect(result).toContain('objectives:\n  # Only on Fridays.\n  - priority: 2\n');
    expect(result).toContain('  # The one that counts.\n  - id: qualify\n');
    expect(result).toContain('  - id: new\n    name: New\n    body: |\n      a\n      b\n');
    expect(result).toContain("    name:   Qualify\n    body: 'Find out'   # short\n");
  });

  it('removes an item with its comment and keeps the rest', () => {
    const result = edited((it) => {
      it.objectives.pop();
    });
    const gone =
      '  # Only on Fridays.\n  - priority: 2\n    id: upsell\n    name: Upsell\n    body: Sell\n';
    expect(result).toBe(with_([gone, '']));
  });

  it('empties a section and fills it again', () => {
    const emptied = edited((it) => {
      it.objectives = [];
    });
    expect(emptied).toContain('# In order of weight.\nobjectives: []\n');
    const filled = edited((it) => {
      it.objectives = [{ id: 'a' }];
    }, emptied);
    expect(filled).toContain('# In order of weight.\nobjectives:\n  - id: a\n\nproducts:');
  });

  it('edits lists of texts', () => {
    const result = edited((it) => {
      it.products = ['a', 'b', 'c'];
      it.guardrails.rules = ['be fair', 'never lie'];
    });
    expect(result).toContain('products:  # both\n  - a\n  - b\n  - c\n');
    expect(result).toContain('  rules:\n  - be fair\n  - never lie   # ever\n');
  });

  it('keeps line ends of Windows', () => {
    const windows = FILE.replaceAll('\n', '\r\n');
    const result = edited((it) => {
      it.agent.name = 'X';
    }, windows);
    expect(result).toBe(windows.replace('"Acme SDR"', '"X"'));
  });

  it('writes again what anchors make impossible to edit in place', () => {
    const text = '# mine\na: &x\n  id: 1\nb: *x\n';
    const result = editedYaml(text, { a: { id: 2 }, b: { id: 1 } });
    expect(parse(result)).toEqual({ a: { id: 2 }, b: { id: 1 } });
    expect(result).toMatch(/^# mine\n/);
    expect(editedYaml(text, { a: { id: 1 }, b: { id: 1 } })).toBe(text);
  });
});

const definition = agents().map((agent) => exportDefinition(agent));

/** As people lay files out. */
const layout = fc.record({ indent: fc.constantFrom(2, 4), isListIndented: fc.boolean() });

it('any definition can be edited into any other', () => {
  fc.assert(
    fc.property(definition, definition, layout, (before, after, given) => {
      const text = `# head\n${yamlText(before, given)}`;
      expect(parseYaml(text).value).toEqual(before);
      const result = editedYaml(text, after);
      expect(parseYaml(result).value).toEqual(after);
      expect(editedYaml(result, after)).toBe(result);
    }),
    { numRuns: 60 },
  );
});

it('a definition that is edited and edited back keeps its value', () => {
  fc.assert(
    fc.property(definition, definition, (before, after) => {
      const text = yamlText(before, USUAL_LAYOUT);
      const back = editedYaml(editedYaml(text, after), before);
      expect(parseYaml(back).value).toEqual(before);
    }),
    { numRuns: 20 },
  );
});
