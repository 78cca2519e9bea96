import type { Prompt, PromptSpan } from './prompt.ts';
import type { PromptSection } from './prompt-parts.ts';

/** The size of one item of a section in a prompt, headings included. */
export interface PromptItemSize {
  readonly itemId: string;
  /** UTF-16 units. */
  readonly characters: number;
  readonly estimatedTokens: number;
}

export interface PromptSectionSize {
  readonly section: PromptSection;
  /** UTF-16 units. */
  readonly characters: number;
  readonly estimatedTokens: number;
  /** Empty for a section without items. */
  readonly items: readonly PromptItemSize[];
}

export interface PromptSize {
  /** The sum of the sections. A model's own tokenizer gives another number. */
  readonly estimatedTokens: number;
  /** In the order of the text. */
  readonly sections: readonly PromptSectionSize[];
}

/** The texts whose tokens `promptSize` asks for: one for each section or item. */
export function countedTexts(prompt: Prompt): readonly string[] {
  return stretchesOf(prompt).map(({ text }) => text);
}

/**
 * The size of a prompt by section and item.
 *
 * @param tokensOf estimates the tokens of each of the `countedTexts`
 */
export function promptSize(prompt: Prompt, tokensOf: (text: string) => number): PromptSize {
  const stretches = stretchesOf(prompt).map(({ section, itemId, text }) => ({
    section,
    itemId,
    characters: text.length,
    estimatedTokens: tokensOf(text),
  }));
  const names = [...new Set(stretches.map(({ section }) => section))];
  const sections = names.map((section): PromptSectionSize => {
    const own = stretches.filter((one) => one.section === section);
    return {
      section,
      characters: sumOf(own, 'characters'),
      estimatedTokens: sumOf(own, 'estimatedTokens'),
      items: own.flatMap(({ itemId, characters, estimatedTokens }) =>
        itemId === undefined ? [] : [{ itemId, characters, estimatedTokens }],
      ),
    };
  });
  return { estimatedTokens: sumOf(sections, 'estimatedTokens'), sections };
}

type Counts = Pick<PromptSectionSize, 'characters' | 'estimatedTokens'>;

function sumOf(sizes: readonly Counts[], field: keyof Counts): number {
  return sizes.reduce((sum, { [field]: count }) => sum + count, 0);
}

interface Stretch {
  readonly section: PromptSection;
  readonly itemId: string | undefined;
  readonly text: string;
}

/** Spans that follow each other and belong to the same section and item, as one. */
function stretchesOf({ text, spans }: Prompt): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let first: PromptSpan | undefined;
  const close = (end: number) => {
    if (!first) return;
    const { start, section, itemId } = first;
    stretches.push({ section, itemId, text: text.slice(start, end) });
  };
  for (const span of spans) {
    if (first && first.section === span.section && first.itemId === span.itemId) continue;
    close(span.start);
    first = span;
  }
  close(text.length);
  return stretches;
}
