import type { Prompt } from './prompt.ts';
import { indexPart, type PromptSources, playbookParts } from './prompt-composition.ts';
import type { PromptPart } from './prompt-parts.ts';
import type { PromptSize } from './prompt-size.ts';
import type { Finding } from './readiness.ts';

/** A section dominates if it has a greater share of a prompt than this. */
const DOMINANT_SHARE = 0.75;
/** A prompt with a smaller share of the greatest size has room for a large section. */
const NOTABLE_SHARE = 0.5;

/** The playbook whose prompt has the most characters; undefined if the agent has none. */
export function longestPlaybook(sources: PromptSources): string | undefined {
  const { playbooks = [] } = sources.agent;
  let longest: { readonly id: string; readonly length: number } | undefined;
  for (const playbook of playbooks) {
    const entry = indexPart(playbook);
    // The index of the others lacks its own entry.
    const length =
      lengthOf(playbookParts(sources, playbook).parts) - lengthOf(entry ? [entry] : []);
    if (!longest || length > longest.length) longest = { id: playbook.id, length };
  }
  return longest?.id;
}

/**
 * Whether a prompt needs no count of its tokens: it has no finding at any. A token has at least
 * one byte.
 */
export function isSmall({ text }: Prompt, maxTokens: number): boolean {
  return new TextEncoder().encode(text).length <= maxTokens * NOTABLE_SHARE;
}

/** Warnings about a prompt that is too long, or that consists of one section. */
export function sizeFindings(
  { playbookId }: Prompt,
  { estimatedTokens, sections }: PromptSize,
  maxTokens: number,
): readonly Finding[] {
  const active = playbookId === undefined ? 'the prompt' : `with '${playbookId}', the prompt`;
  const findings: Finding[] = [];
  if (estimatedTokens > maxTokens) {
    const parts = sections.flatMap(({ section, estimatedTokens: tokens, items }) => [
      ...(items.length === 0 ? [{ place: section, tokens }] : []),
      ...items.map((one) => ({
        place: `${section}[${one.itemId}]`,
        tokens: one.estimatedTokens,
      })),
    ]);
    const [largest] = parts.toSorted((a, b) => b.tokens - a.tokens);
    const where = largest ? `; its largest part is ${largest.place}, about ${largest.tokens}` : '';
    findings.push({
      code: 'prompt.too_long',
      ...(playbookId !== undefined && { id: playbookId }),
      field: largest?.place ?? 'playbooks',
      message: `${active} has about ${estimatedTokens} tokens, more than ${maxTokens}${where}`,
    });
  }
  if (estimatedTokens <= maxTokens * NOTABLE_SHARE) return findings;
  for (const { section, estimatedTokens: tokens } of sections) {
    if (tokens <= estimatedTokens * DOMINANT_SHARE) continue;
    findings.push({
      code: 'prompt.section_dominates',
      ...(playbookId !== undefined && { id: playbookId }),
      field: section,
      message: `${active} has about ${estimatedTokens} tokens, of them about ${tokens} in ${section}`,
    });
  }
  return findings;
}

function lengthOf(parts: readonly PromptPart[]): number {
  return parts.reduce(
    (sum, { gap, pieces }) =>
      pieces.reduce((length, { text }) => length + text.length, sum + gap.length),
    0,
  );
}
