import { lineDiff } from './line-diff.ts';
import { type ChangedLines, changedLines } from './line-hunks.ts';
import type { Prompt } from './prompt.ts';
import type { PromptSection } from './prompt-parts.ts';
import type { PromptSize } from './prompt-size.ts';

/** What a change adds; negative if it removes more. */
export interface PromptGrowth {
  /** UTF-16 units. */
  readonly addedCharacters: number;
  /** Estimated. */
  readonly addedTokens: number;
}

/** The change from one prompt to another: of two versions, or by a plan. */
export interface PromptDiff extends ChangedLines, PromptGrowth {
  /** The sections that grow or shrink. */
  readonly sections: readonly PromptSectionGrowth[];
}

export interface PromptSectionGrowth extends PromptGrowth {
  readonly section: PromptSection;
}

/** A prompt and its size. */
export interface MeasuredPrompt {
  readonly prompt: Pick<Prompt, 'text'>;
  readonly size: PromptSize;
}

/** What the first version of an agent is compared with. */
export const NO_PROMPT: MeasuredPrompt = {
  prompt: { text: '' },
  size: { estimatedTokens: 0, sections: [] },
};

/** @param maxCharacters of the changed lines and those around them */
export function promptDiff(
  before: MeasuredPrompt,
  after: MeasuredPrompt,
  maxCharacters: number,
): PromptDiff {
  const grown = new Map<PromptSection, PromptGrowth>();
  for (const { section, characters, estimatedTokens } of after.size.sections) {
    grown.set(section, { addedCharacters: characters, addedTokens: estimatedTokens });
  }
  for (const { section, characters, estimatedTokens } of before.size.sections) {
    const { addedCharacters = 0, addedTokens = 0 } = grown.get(section) ?? {};
    grown.set(section, {
      addedCharacters: addedCharacters - characters,
      addedTokens: addedTokens - estimatedTokens,
    });
  }
  return {
    ...changedLines(lineDiff(before.prompt.text, after.prompt.text), maxCharacters),
    addedCharacters: after.prompt.text.length - before.prompt.text.length,
    addedTokens: after.size.estimatedTokens - before.size.estimatedTokens,
    sections: [...grown].flatMap(([section, growth]) =>
      growth.addedCharacters === 0 && growth.addedTokens === 0 ? [] : [{ section, ...growth }],
    ),
  };
}
