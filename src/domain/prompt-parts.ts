import type { DerivedFrom } from './derived-from.ts';

/** The parts of an agent that a prompt is assembled from. */
export const PROMPT_SECTIONS = [
  'identity',
  'personality',
  'guardrails',
  'objectives',
  'playbooks',
  'messageTemplates',
  'skills',
  'channels',
] as const;
export type PromptSection = (typeof PROMPT_SECTIONS)[number];

/** The field of characters that the assembly adds: headings, list marks, blank lines. */
export const LAYOUT = 'layout';

/** A text, and the field that it was read from. */
export interface Piece {
  readonly text: string;
  /** Within the item or section, e.g. `body`, `topicsToAvoid[2]`; `LAYOUT` for added text. */
  readonly field: string;
  readonly derivedFrom?: DerivedFrom | undefined;
}

/** A section of a prompt, or one item of it. */
export interface PromptPart {
  readonly section: PromptSection;
  readonly itemId?: string | undefined;
  /** Separates it from the part before it. */
  readonly gap: '\n' | '\n\n';
  readonly pieces: readonly Piece[];
}

export function layout(text: string): Piece {
  return { text, field: LAYOUT };
}

/**
 * A text of the agent. White space at its ends is removed.
 *
 * @returns an empty list for a text that is blank or not set
 */
export function authored(
  field: string,
  text: string | null | undefined,
  derivedFrom?: DerivedFrom,
): readonly Piece[] {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? [] : [{ text: trimmed, field, derivedFrom }];
}

/** A heading in front of the parts of a section; nothing if there are none. */
export function headed(
  section: PromptSection,
  heading: string,
  parts: readonly PromptPart[],
): readonly PromptPart[] {
  if (parts.length === 0) return [];
  return [{ section, gap: '\n\n', pieces: [layout(heading)] }, ...parts];
}

/** An item with a heading of its own: its name, then its text. */
export function item(
  section: PromptSection,
  mark: string,
  {
    id,
    name,
    body,
    derivedFrom,
  }: { id: string; name: string; body: string; derivedFrom?: DerivedFrom | undefined },
  more: readonly Piece[] = [],
): PromptPart {
  const title = authored('name', name, derivedFrom);
  const text = authored('body', body, derivedFrom);
  return {
    section,
    itemId: id,
    gap: '\n\n',
    pieces: [
      layout(`${mark} `),
      ...title,
      ...(text.length > 0 ? [layout('\n\n'), ...text] : []),
      ...more,
    ],
  };
}
