import type { DerivedFrom } from './derived-from.ts';
import type { AgentGuardrails } from './guardrails.ts';
import { authored, headed, layout, type PromptPart } from './prompt-parts.ts';
import type { GuardrailTemplate } from './templates.ts';

type Rules = Omit<AgentGuardrails, 'derivedFromTemplates'>;

/** In the order of the prompt. */
const HEADINGS: Readonly<Record<keyof Rules, string>> = {
  topicsToAvoid: 'Topics to avoid',
  claimsNotToMake: 'Claims not to make',
  requiredDisclaimers: 'Disclaimers to give',
  additionalRules: 'Further rules',
};
const FIELDS = Object.keys(HEADINGS) as readonly (keyof Rules)[];

/** @param templates the guardrail templates of the catalog, at their latest versions */
export function guardrailParts(
  guardrails: AgentGuardrails,
  templates: readonly GuardrailTemplate[],
): readonly PromptPart[] {
  const origins = originsOf(guardrails, templates);
  const parts = FIELDS.flatMap((field): readonly PromptPart[] => {
    const value = guardrails[field];
    const heading = `## ${HEADINGS[field]}\n\n`;
    if (value === undefined || typeof value === 'string') {
      const text = authored(field, value);
      return text.length === 0 ? [] : [part([layout(heading), ...text])];
    }
    const lines = value.flatMap((line, i) =>
      authored(`${field}[${i}]`, line, origins.get(line)).flatMap((text) => [layout('\n- '), text]),
    );
    const [, ...rest] = lines;
    return lines.length === 0 ? [] : [part([layout(`${heading}- `), ...rest])];
  });
  return headed('guardrails', '# Guardrails', parts);
}

function part(pieces: PromptPart['pieces']): PromptPart {
  return { section: 'guardrails', gap: '\n\n', pieces };
}

/** By line: the first imported template that contains it, at its latest version. */
function originsOf(
  { derivedFromTemplates = [] }: AgentGuardrails,
  templates: readonly GuardrailTemplate[],
): ReadonlyMap<string, DerivedFrom> {
  const imported = derivedFromTemplates.flatMap((id) => templates.find((it) => it.id === id) ?? []);
  const origins = imported.flatMap(
    ({ id, version, topicsToAvoid = [], claimsNotToMake = [], requiredDisclaimers = [] }) =>
      [...topicsToAvoid, ...claimsNotToMake, ...requiredDisclaimers].map(
        (line): readonly [string, DerivedFrom] => [line, { templateId: id, version }],
      ),
  );
  // The first one wins: a map keeps the last.
  return new Map(origins.toReversed());
}
