import { createHash } from 'node:crypto';
import type { DerivedFrom } from './derived-from.ts';
import { DomainError } from './errors.ts';
import type { AgentPlaybook } from './playbooks.ts';
import {
  channelParts,
  indexParts,
  type PromptSources,
  playbookParts,
  type Recipient,
  sharedParts,
} from './prompt-composition.ts';
import { LAYOUT, layout, type Piece, type PromptPart, type PromptSection } from './prompt-parts.ts';
import type { Withheld } from './prompt-withheld.ts';

/** The agent at one moment, and the conversation that its prompt is for. */
export interface PromptInput extends PromptSources {
  /** The active playbook; the default one if it is not given. */
  readonly playbookId?: string | undefined;
  /** If given, message templates are rendered for this person. */
  readonly recipient?: Recipient | undefined;
  /** The channel of the conversation, e.g. `whatsapp`. */
  readonly channel?: string | undefined;
}

/** A stretch of a prompt, and its source. Offsets are UTF-16 units, as in JavaScript. */
export interface PromptSpan {
  readonly start: number;
  /** Exclusive: the start of the next span. */
  readonly end: number;
  readonly section: PromptSection;
  readonly itemId?: string;
  /** Within the item or section, e.g. `body`; `layout` for characters that the assembly adds. */
  readonly field: string;
  /** The template that the text was copied from. It stays when the text is edited. */
  readonly derivedFrom?: DerivedFrom;
}

/** The system prompt of one conversation. */
export interface Prompt {
  readonly text: string;
  /** SHA-256 of `text` in UTF-8, in hexadecimal. */
  readonly hash: string;
  /** The length of `text` in UTF-16 units. */
  readonly characters: number;
  /** The active playbook; undefined if the agent has none. */
  readonly playbookId?: string;
  /** In the order of the text. Each character belongs to exactly one. */
  readonly spans: readonly PromptSpan[];
  readonly withheld: readonly Withheld[];
}

/**
 * The prompt that the model sees: identity preamble, personality, guardrails, objectives by
 * priority, the active playbook with its examples and message templates, its skills, the index of
 * the other playbooks, and the channel.
 *
 * @throws DomainError `playbook.not_found`; `request.invalid` if a rendered message is too long
 */
export function promptOf(input: PromptInput): Prompt {
  const { playbooks = [] } = input.agent;
  const active = activePlaybook(playbooks, input.playbookId);
  const playbook = playbookParts(input, active, input.recipient);
  const index = indexParts(playbooks.filter((one) => one !== active));
  const parts = [
    ...sharedParts(input),
    ...playbook.parts,
    ...index.parts,
    ...channelParts(input.channel),
  ];
  const { text, spans } = written(parts);
  return {
    text,
    hash: createHash('sha256').update(text).digest('hex'),
    characters: text.length,
    ...(active && { playbookId: active.id }),
    spans,
    withheld: [...playbook.withheld, ...index.withheld],
  };
}

/** @throws DomainError `playbook.not_found` */
function activePlaybook(
  playbooks: readonly AgentPlaybook[],
  id: string | undefined,
): AgentPlaybook | undefined {
  if (id === undefined) return playbooks.find(({ isDefault }) => isDefault);
  const playbook = playbooks.find((one) => one.id === id);
  if (playbook) return playbook;
  throw new DomainError('playbook.not_found', `there is no playbook '${id}'`);
}

/** The text of the parts, and a span for each piece. */
function written(parts: readonly PromptPart[]): Pick<Prompt, 'text' | 'spans'> {
  const spans: PromptSpan[] = [];
  const texts: string[] = [];
  let at = 0;
  for (const { section, itemId, gap, pieces } of parts) {
    const separated = at === 0 ? pieces : withGap(gap, pieces);
    for (const { text, field, derivedFrom } of separated) {
      texts.push(text);
      spans.push({
        start: at,
        end: at + text.length,
        section,
        ...(itemId !== undefined && { itemId }),
        field,
        ...(derivedFrom && { derivedFrom }),
      });
      at += text.length;
    }
  }
  return { text: texts.join(''), spans };
}

/** The gap is part of the heading or list mark that follows it. */
function withGap(gap: string, [first, ...rest]: readonly Piece[]): readonly Piece[] {
  if (!first) return [];
  if (first.field === LAYOUT) return [layout(gap + first.text), ...rest];
  return [layout(gap), first, ...rest];
}
