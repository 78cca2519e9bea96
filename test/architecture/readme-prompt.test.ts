import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { promptOf } from '../../src/domain/prompt.ts';
import { promptSize } from '../../src/domain/prompt-size.ts';
import { tokensIn } from '../../src/tokens/count.ts';
import { templateAgent } from '../kit/templates.ts';

const { agentTemplates, systemSkills, guardrailTemplates } = loadCatalog();
const readme = readFileSync('README.md', 'utf8');
const prompt = promptOf({
  agent: templateAgent(agentTemplates.require('@anychat/agent-template.sales-development')),
  systemSkills: systemSkills.list(),
  guardrailTemplates: guardrailTemplates.list(),
  problemOfTool: () => undefined,
});

it('README.md quotes the Sales template’s prompt', () => {
  const [, quoted = ''] = /## What the model sees.*?```text\n(.*?)```/s.exec(readme) ?? [];
  const stretches = quoted.split('\n…\n').map((stretch) => stretch.trim());
  expect(stretches).toHaveLength(3);
  expect(stretches.filter((stretch) => !prompt.text.includes(stretch))).toEqual([]);
});

it('README.md has the table of its sections and sizes', () => {
  const { sections, estimatedTokens } = promptSize(prompt, tokensIn);
  const total = { section: '**total**', characters: prompt.characters, estimatedTokens };
  const number = (count: number) => count.toLocaleString('en-US');
  const table = [
    '| Section | Characters | Tokens (estimate) |',
    '|---|--:|--:|',
    ...[...sections, total].map(
      (one) => `| ${one.section} | ${number(one.characters)} | ${number(one.estimatedTokens)} |`,
    ),
  ].join('\n');
  expect(readme).toContain(`\n${table}\n`);
});
