import { type ChangeObject, diffWordsWithSpace } from 'diff';
import type { Change } from '../domain/changes.ts';

/** How parts of a text are marked: by colours, or by `[-…-]` and `{+…+}` as in a word diff of git. */
export interface Marks {
  removed(text: string): string;
  added(text: string): string;
  heading(text: string): string;
}

export const PLAIN: Marks = {
  removed: (text) => `[-${text}-]`,
  added: (text) => `{+${text}+}`,
  heading: (text) => text,
};

export const COLOURED: Marks = {
  removed: (text) => `\u001b[9;31m${text}\u001b[0m`,
  added: (text) => `\u001b[32m${text}\u001b[0m`,
  heading: (text) => `\u001b[1m${text}\u001b[0m`,
};

/** On a terminal, unless `NO_COLOR` is set (https://no-color.org). */
export function hasColours({ isTTY }: { readonly isTTY: boolean }): boolean {
  return isTTY && !process.env.NO_COLOR;
}

/** Texts that take longer to compare are shown one after the other. */
const MAX_COMPARE_MS = 500;

/** A change as lines for people: where it is, and the words that differ. */
export function changeText(change: Change, marks: Marks): string {
  const { section, itemId, path, kind, before, after } = change;
  const place = [section, itemId, path].filter((part) => part).join(' ');
  const heading = marks.heading(`${printable(place)}  ${kind}`);
  if (path === '' && itemId !== undefined) {
    return kind === 'removed' ? heading : `${heading} ${placeText(after)}`;
  }
  const words = wordsOf(before, after, marks);
  return words === '' ? heading : `${heading}\n${indented(words)}`;
}

function placeText(neighbour: unknown): string {
  return typeof neighbour === 'string' ? `behind ${printable(neighbour)}` : 'in front';
}

/** Empty for a secret. */
function wordsOf(before: unknown, after: unknown, marks: Marks): string {
  if (before === undefined && after === undefined) return '';
  if (before === undefined) return marked(textOf(after), marks.added);
  if (after === undefined) return marked(textOf(before), marks.removed);
  const [old, now] = [textOf(before), textOf(after)];
  const parts = diffWordsWithSpace(old, now, { timeout: MAX_COMPARE_MS });
  if (!parts) return `${marked(old, marks.removed)}\n${marked(now, marks.added)}`;
  return shortened(parts.map((part) => markedPart(part, marks)));
}

interface MarkedPart {
  readonly text: string;
  readonly isChanged: boolean;
}

function markedPart({ value, added, removed }: ChangeObject<string>, marks: Marks): MarkedPart {
  if (added) return { text: marked(value, marks.added), isChanged: true };
  if (removed) return { text: marked(value, marks.removed), isChanged: true };
  return { text: printable(value), isChanged: false };
}

/** Lines that are shown around a changed one. */
const CONTEXT_LINES = 2;
const OMITTED = '…';

/** The lines of a text, without those that are far from every change. */
function shortened(parts: readonly MarkedPart[]): string {
  const lines = [''];
  const changed = new Set<number>();
  for (const { text, isChanged } of parts) {
    const [first = '', ...others] = text.split('\n');
    const from = lines.length - 1;
    lines[from] += first;
    lines.push(...others);
    if (isChanged) for (let at = from; at < lines.length; at++) changed.add(at);
  }
  const shown = new Set<number>();
  for (const at of changed) {
    for (let near = at - CONTEXT_LINES; near <= at + CONTEXT_LINES; near++) shown.add(near);
  }
  return lines
    .flatMap((line, at) => {
      if (shown.has(at)) return line;
      return at === 0 || shown.has(at - 1) ? OMITTED : [];
    })
    .join('\n');
}

/** Each line for itself, so that no colour goes over the end of a line. */
function marked(text: string, mark: (text: string) => string): string {
  return printable(text)
    .split('\n')
    .map((line) => (line === '' ? '' : mark(line)))
    .join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without control characters, which could move a terminal's cursor or hide text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}
