import { type LineRun, lineDiff } from './line-diff.ts';
import type { Prompt } from './prompt.ts';
import type { PromptSection } from './prompt-parts.ts';
import type { PromptSize } from './prompt-size.ts';

/** The change from one prompt to another: of two versions, or by a plan. */
export interface PromptDiff {
  readonly lines: readonly LineRun[];
  /** The estimated tokens that the change adds; negative if it removes more. */
  readonly addedTokens: number;
  /** The sections that grow or shrink, with the tokens that the change adds to each. */
  readonly sections: readonly { readonly section: PromptSection; readonly addedTokens: number }[];
}

/** A prompt and its size. */
interface Measured {
  readonly prompt: Pick<Prompt, 'text'>;
  readonly size: PromptSize;
}

export function promptDiff(before: Measured, after: Measured): PromptDiff {
  const added = new Map<PromptSection, number>();
  for (const { section, estimatedTokens } of after.size.sections) {
    added.set(section, estimatedTokens);
  }
  for (const { section, estimatedTokens } of before.size.sections) {
    added.set(section, (added.get(section) ?? 0) - estimatedTokens);
  }
  return {
    lines: lineDiff(before.prompt.text, after.prompt.text),
    addedTokens: after.size.estimatedTokens - before.size.estimatedTokens,
    sections: [...added].flatMap(([section, addedTokens]) =>
      addedTokens === 0 ? [] : [{ section, addedTokens }],
    ),
  };
}
