import { invalid } from './errors.ts';
import type { MessageDraft } from './message-templates.ts';
import { sentencesOf } from './sentences.ts';
import type { SlotValues } from './slot-values.ts';
import { type MissingSlotPolicy, parseBody, type Slot, type TemplateBody } from './slots.ts';

/** A slot without a value, and how it was handled. */
export interface MissingSlot {
  readonly path: string;
  readonly action: MissingSlotPolicy | 'default';
}

/** A message as it would be sent (reference, "Message templates"). */
export interface MessageTemplatePreview {
  /** `null` if a slot blocked the message, `""` if everything was omitted. */
  readonly renderedText: string | null;
  /** Every slot without a value, in the order of the text. */
  readonly missingSlots: readonly MissingSlot[];
  readonly blocked: boolean;
}

/** Characters. A template may repeat a long value many times. */
const MAX_RENDERED_LENGTH = 100_000;

/**
 * The message as it would be sent with these values.
 *
 * @throws DomainError `request.invalid` if the text would be too long
 */
export function renderMessageTemplate(
  { body, defaultOnMissingSlot }: MessageDraft,
  values: SlotValues,
): MessageTemplatePreview {
  return renderBody(parseBody(body).body, defaultOnMissingSlot ?? 'omit-sentence', values);
}

/**
 * Renders a body. `block-send` wins over `omit-message`, which wins over `omit-sentence`,
 * even in a sentence that another slot omits.
 *
 * Sentences are found in the body as its author wrote it (`sentencesOf`): a dot in a value
 * never ends one. A missing `omit-sentence` slot removes its sentence and the white space
 * around it; paragraphs remain separate.
 *
 * @param otherwise the policy of slots that have none of their own
 * @throws DomainError `request.invalid` if the text would be too long
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

/** A slot, and the text that replaces it. */
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

/** Replaces a slot while sentences are found: no space, no punctuation, no capital. */
const PLACEHOLDER = '\u{fffc}';

function withoutOmitted(parts: readonly (string | Filled)[]): string {
  const slots: { at: number; filled: Filled }[] = [];
  let template = '';
  let length = 0;
  for (const part of parts) {
    if (typeof part !== 'string') slots.push({ at: template.length, filled: part });
    template += typeof part === 'string' ? part : PLACEHOLDER;
    length += typeof part === 'string' ? part.length : part.text.length;
  }
  if (length > MAX_RENDERED_LENGTH) {
    throw invalid([
      {
        path: '',
        message: `a message must have at most ${MAX_RENDERED_LENGTH} characters, this one has ${length}`,
      },
    ]);
  }
  const omitted = slots.flatMap(({ at, filled: { missing } }) =>
    missing?.action === 'omit-sentence' ? [at] : [],
  );
  const filling = new Filling(template, slots);
  if (omitted.length === 0) return filling.of(0, template.length);
  return keptSentences(template, omitted)
    .map(({ gap, start, end }) => gap + filling.of(start, end))
    .join('');
}

/** The sentences without an omitted slot, each with the white space in front of it. */
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
    gap = widerGap(gap, template.slice(end, next));
  }
  return kept;
}

/** Of the gaps on both sides of an omitted sentence, the one with more line breaks. */
function widerGap(one: string, other: string): string {
  const lines = (gap: string) => gap.split('\n').length;
  return lines(other) > lines(one) || one === '' ? other : one;
}

/** Replaces the placeholders of a template by what is filled in. */
class Filling {
  readonly #template: string;
  readonly #slots: readonly { readonly at: number; readonly filled: Filled }[];
  #next = 0;

  /** @param slots in the order of the template */
  constructor(template: string, slots: readonly { at: number; filled: Filled }[]) {
    this.#template = template;
    this.#slots = slots;
  }

  /** A part of the template; parts are asked for in their order. */
  of(start: number, end: number): string {
    let text = '';
    let from = start;
    for (; this.#next < this.#slots.length; this.#next += 1) {
      const slot = this.#slots[this.#next];
      if (!slot || slot.at >= end) break;
      if (slot.at < start) continue;
      text += this.#template.slice(from, slot.at) + slot.filled.text;
      from = slot.at + PLACEHOLDER.length;
    }
    return text + this.#template.slice(from, end);
  }
}
