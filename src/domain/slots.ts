import { AGENT_SLOTS, PERSON_SLOTS } from './slot-values.ts';

/** How a slot is handled that has no value and no literal. */
export const MISSING_SLOT_POLICIES = ['omit-sentence', 'omit-message', 'block-send'] as const;
export type MissingSlotPolicy = (typeof MISSING_SLOT_POLICIES)[number];

export interface Slot {
  /** E.g. `person.firstName`, `person.customFields.plan`. */
  readonly path: string;
  /** Used if the value is missing. */
  readonly fallback?: { readonly literal: string } | { readonly policy: MissingSlotPolicy };
}

/** A parsed template body: literal text, with braces unescaped, and slots, in order. */
export type TemplateBody = readonly (string | Slot)[];

/** A syntax error in a body. `offset` counts UTF-16 units from 0. */
export interface SlotProblem {
  readonly offset: number;
  readonly message: string;
}

/** Parsing stops after this many. */
const MAX_PROBLEMS = 20;

/**
 * Parses slot syntax:
 *
 *     body     = { text | "{{" | "}}" | slot }
 *     slot     = "{" path [ "|" fallback ] "}"          with optional white space around its parts
 *     path     = "person." field | "person.customFields." key | "agent." field
 *     fallback = '"' literal '"' | "omit-sentence" | "omit-message" | "block-send"
 *
 * In a literal, `\"` is a quote and `\\` a backslash; braces are plain. A key is any text
 * without quotes, braces and pipes; white space in it counts as one space.
 *
 * The time is linear in the length of the text: the scanner never goes back.
 */
export function parseBody(text: string): { body: TemplateBody; problems: readonly SlotProblem[] } {
  const scanner = new Scanner(text);
  scanner.run();
  return scanner;
}

/** The problem for people: `at position 4 (line 1, column 4): …`, counted from 1. */
export function problemText(text: string, { offset, message }: SlotProblem): string {
  let position = 1;
  let line = 1;
  let column = 1;
  for (let at = 0; at < offset; at += 1) {
    const unit = text.charCodeAt(at);
    // The second half of a pair is part of the character before it.
    if (unit >= 0xdc00 && unit <= 0xdfff) continue;
    position += 1;
    column += 1;
    if (unit !== NEW_LINE) continue;
    line += 1;
    column = 1;
  }
  return `at position ${position} (line ${line}, column ${column}): ${message}`;
}

const NEW_LINE = 0x0a;

/** Thrown at the first error in a slot; the scanner continues after the slot. */
class SlotSyntaxError extends Error {}

class Scanner {
  readonly body: (string | Slot)[] = [];
  readonly problems: SlotProblem[] = [];
  readonly #text: string;
  #at = 0;
  #plain = '';

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length && this.problems.length < MAX_PROBLEMS) {
      const char = this.#char();
      if (char === '{' || char === '}') this.#brace(char);
      else this.#plain += this.#run(isPlain);
    }
    this.#endPlain();
  }

  #brace(char: string): void {
    if (this.#text[this.#at + 1] === char) {
      this.#plain += char;
      this.#at += 2;
      return;
    }
    if (char === '}') {
      this.#note(this.#at, 'this } closes no slot; write }} for a brace');
      this.#at += 1;
      return;
    }
    this.#endPlain();
    const start = this.#at;
    try {
      this.body.push(this.#slot(start));
    } catch (error) {
      if (!(error instanceof SlotSyntaxError)) throw error;
      this.#run(isPlain);
      if (this.#char() === '}') this.#at += 1;
    }
  }

  #slot(start: number): Slot {
    this.#at += 1;
    this.#run(isSpace);
    const at = this.#at;
    const path = this.#run(isPathChar).trimEnd().replace(/\s+/g, ' ');
    if (path === '') throw this.#refuse(start, 'this { opens no slot; write {{ for a brace');
    const problem = pathProblem(path);
    if (problem) this.#note(at, problem);
    if (this.#char() !== '|') {
      this.#close(start);
      return { path };
    }
    this.#at += 1;
    this.#run(isSpace);
    const fallback = this.#char() === '"' ? { literal: this.#literal() } : this.#policy();
    this.#run(isSpace);
    this.#close(start);
    return { path, fallback };
  }

  #close(start: number): void {
    if (this.#char() === '}') {
      this.#at += 1;
      return;
    }
    if (this.#at >= this.#text.length) {
      throw this.#refuse(start, 'this { is not closed; write {{ for a brace');
    }
    throw this.#refuse(this.#at, `expected | or }, found ${this.#shown()}`);
  }

  #policy(): { policy: MissingSlotPolicy } {
    const at = this.#at;
    const word = this.#run(isPathChar).trimEnd();
    const policy = MISSING_SLOT_POLICIES.find((known) => known === word);
    if (policy) return { policy };
    const known = MISSING_SLOT_POLICIES.join(', ');
    throw this.#refuse(at, `a fallback must be a "literal" or one of ${known}`);
  }

  #literal(): string {
    const start = this.#at;
    this.#at += 1;
    let literal = '';
    while (this.#at < this.#text.length) {
      const char = this.#char();
      if (char === '"') {
        this.#at += 1;
        return literal;
      }
      const next = this.#text[this.#at + 1];
      const escaped = char === '\\' && (next === '"' || next === '\\');
      literal += escaped ? next : char;
      this.#at += escaped ? 2 : 1;
    }
    throw this.#refuse(start, 'this literal is not closed');
  }

  #char(): string | undefined {
    return this.#text[this.#at];
  }

  /** Reads characters while `accepts` returns true. @returns the characters */
  #run(accepts: (char: string) => boolean): string {
    const start = this.#at;
    let char = this.#char();
    while (char !== undefined && accepts(char)) {
      this.#at += 1;
      char = this.#char();
    }
    return this.#text.slice(start, this.#at);
  }

  #endPlain(): void {
    if (this.#plain !== '') this.body.push(this.#plain);
    this.#plain = '';
  }

  #shown(): string {
    return JSON.stringify(String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0));
  }

  #note(offset: number, message: string): void {
    this.problems.push({ offset, message });
  }

  #refuse(offset: number, message: string): SlotSyntaxError {
    this.#note(offset, message);
    return new SlotSyntaxError(message);
  }
}

function isPlain(char: string): boolean {
  return char !== '{' && char !== '}';
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}

function isPathChar(char: string): boolean {
  return !/[{}|"]/.test(char);
}

const CUSTOM = 'person.customFields.';

/** The keys of the custom fields that a body reads, in its order. */
export function customFieldsOf(body: TemplateBody): string[] {
  return body.flatMap((part) =>
    typeof part === 'string' || !part.path.startsWith(CUSTOM)
      ? []
      : [part.path.slice(CUSTOM.length)],
  );
}

/** The problem of a path; undefined if it is valid. */
function pathProblem(path: string): string | undefined {
  if (path.startsWith(CUSTOM)) {
    return path.length > CUSTOM.length
      ? undefined
      : `${path} must be followed by the key of a custom field`;
  }
  const dot = path.indexOf('.');
  const root = dot < 0 ? path : path.slice(0, dot);
  const shown = path.length > MAX_PATH_SHOWN ? `${path.slice(0, MAX_PATH_SHOWN)}…` : path;
  if (root !== 'person' && root !== 'agent') {
    return `a slot must start with 'person.' or 'agent.', not ${shown}`;
  }
  const fields: readonly string[] = root === 'person' ? PERSON_SLOTS : AGENT_SLOTS;
  if (dot > 0 && fields.includes(path.slice(dot + 1))) return undefined;
  const known = [...fields, ...(root === 'person' ? ['customFields.<key>'] : [])].join(', ');
  return `there is no slot ${shown}; ${root} has ${known}`;
}

const MAX_PATH_SHOWN = 80;
