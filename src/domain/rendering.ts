import { invalid } from './errors.ts';
import { sentencesOf } from './sentences.ts';
import type { SlotValues } from './slot-values.ts';
import type { MissingSlotPolicy, Slot, TemplateBody } from './slots.ts';

/** What was done about a slot without a value. */
export interface MissingSlot {
  readonly path: string;
  readonly action: MissingSlotPolicy | 'default';
}

/** What would be sent (reference, "Message templates"). */
export interface MessageTemplatePreview {
  /** `null` where a slot blocked the message, `""` where nothing of it is left. */
  readonly renderedText: string | null;
  /** Every slot without a value, in the order of the text. */
  readonly missingSlots: readonly MissingSlot[];
  readonly blocked: boolean;
}

/** What a message may come to; a template may repeat a long value many times. */
const MAX_RENDERED = 100_000;

/**
 * Renders a body. `block-send` is stronger than `omit-message`, and that is stronger than
 * `omit-sentence`, wherever they stand: also in a sentence that another slot omits.
 *
 * A sentence is what `sentencesOf` makes of the body as its author wrote it: a
 * value never ends one, whatever dots it holds. One missing `omit-sentence` slot takes its
 * sentence, with the white space that set it off; paragraphs stay apart.
 *
 * @param otherwise the policy of slots that have none
 * @throws DomainError `request.invalid` when the text would be too long
 */
export function renderBody(
  body: TemplateBody,
  otherwise: MissingSlotPolicy,
  values: SlotValues,
): MessageTemplatePreview {
  const filled = body.map((part) =>
    typeof part === 'string' ? part : fill(part, otherwise, values),
  );
  const missingSlots = filled.flatMap((part) =>
    typeof part === 'string' || !part.missing ? [] : [part.missing],
  );
  const blocked = missingSlots.some(({ action }) => action === 'block-send');
  if (blocked) return { renderedText: null, missingSlots, blocked };
  const silent = missingSlots.some(({ action }) => action === 'omit-message');
  const renderedText = silent ? '' : withoutOmitted(filled);
  return { renderedText, missingSlots, blocked };
}

/** A slot with what stands in its place. */
interface Filled {
  readonly text: string;
  readonly missing?: MissingSlot;
}

function fill({ path, fallback }: Slot, otherwise: MissingSlotPolicy, values: SlotValues): Filled {
  const value = values(path);
  if (value !== undefined) return { text: value };
  if (fallback && 'literal' in fallback) {
    return { text: fallback.literal, missing: { path, action: 'default' } };
  }
  return { text: '', missing: { path, action: fallback?.policy ?? otherwise } };
}

/** Stands for a slot while sentences are told apart: no space, no mark, no capital. */
const PLACEHOLDER = '\u{fffc}';

function withoutOmitted(parts: readonly (string | Filled)[]): string {
  const slots = new Map<number, Filled>();
  let template = '';
  let length = 0;
  for (const part of parts) {
    if (typeof part !== 'string') slots.set(template.length, part);
    template += typeof part === 'string' ? part : PLACEHOLDER;
    length += typeof part === 'string' ? part.length : part.text.length;
  }
  if (length > MAX_RENDERED) {
    throw invalid([
      {
        path: '',
        message: `a message may come to ${MAX_RENDERED} characters, this one to ${length}`,
      },
    ]);
  }
  const omitted = [...slots].flatMap(([at, { missing }]) =>
    missing?.action === 'omit-sentence' ? [at] : [],
  );
  if (omitted.length === 0) return filledIn(template, 0, template.length, slots);
  return keptSentences(template, omitted)
    .map(({ gap, start, end }) => gap + filledIn(template, start, end, slots))
    .join('');
}

/** The sentences without an omitted slot, each with the white space before it. */
function keptSentences(template: string, omitted: readonly number[]) {
  const kept: { gap: string; start: number; end: number }[] = [];
  let gap = '';
  let i = 0;
  for (const { start, end, next } of sentencesOf(template)) {
    const before = i;
    while (i < omitted.length && (omitted[i] ?? 0) < end) i += 1;
    if (i === before) {
      kept.push({ gap: kept.length > 0 ? gap : '', start, end });
      gap = '';
    }
    gap = stronger(gap, template.slice(end, next));
  }
  return kept;
}

/** Of two gaps between the same sentences, the one that sets them further apart. */
function stronger(one: string, other: string): string {
  const lines = (gap: string) => gap.split('\n').length;
  return lines(other) > lines(one) || one === '' ? other : one;
}

function filledIn(
  template: string,
  start: number,
  end: number,
  slots: ReadonlyMap<number, Filled>,
) {
  let text = '';
  for (let at = start; at < end; at += 1) text += slots.get(at)?.text ?? template.charAt(at);
  return text;
}
