import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { type Prompt, promptOf } from '../../src/domain/prompt.ts';
import { localIdOf } from '../../src/domain/templates.ts';
import { SHIPPED_TEMPLATES, templateAgent } from '../kit/templates.ts';

/*
 * The prompts of the shipped agent templates, with every tool ready. After a change that is meant,
 * `npm run golden` writes the files again.
 */
const { systemSkills, guardrailTemplates } = loadCatalog();
const FOLDER = '../golden/prompts';

const goldens = SHIPPED_TEMPLATES.map((template) => {
  const prompt = promptOf({
    agent: templateAgent(template),
    systemSkills: systemSkills.list(),
    guardrailTemplates: guardrailTemplates.list(),
    problemOfTool: () => undefined,
  });
  return [localIdOf(template.id), prompt] as const;
});

/** A line for each span, e.g. `120-340 skills[call-booking].body @anychat/skill-template.call-booking 2`. */
function originsOf({ hash, spans, withheld }: Prompt): string {
  const lines = spans.map(({ start, end, section, itemId, field, derivedFrom }) => {
    const place = itemId === undefined ? section : `${section}[${itemId}]`;
    const origin = derivedFrom ? ` ${derivedFrom.templateId} ${derivedFrom.version}` : '';
    return `${start}-${end} ${place}.${field}${origin}`;
  });
  const absent = withheld.map((one) => `withheld ${JSON.stringify(one)}`);
  return `${[`sha256 ${hash}`, ...lines, ...absent].join('\n')}\n`;
}

it('finds the eight templates', () => expect(goldens).toHaveLength(8));

it.each(goldens)('the prompt of %s is the golden one', async (name, prompt) => {
  await expect(`${prompt.text}\n`).toMatchFileSnapshot(`${FOLDER}/${name}.txt`);
});

it.each(goldens)('the origins of the prompt of %s are the golden ones', async (name, prompt) => {
  await expect(originsOf(prompt)).toMatchFileSnapshot(`${FOLDER}/${name}.spans.txt`);
});
