import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isSameJson } from '../domain/json.ts';
import { type Layout, scalarText, USUAL_LAYOUT, yamlText } from './yaml-text.ts';

/**
 * The text of a file, changed to have another value. Everything that does not change keeps its
 * bytes: comments, the order of keys, blank lines, quotes. The items of a list are matched by
 * `id` or `toolId`. A comment in front of an item moves with it and is removed with it.
 *
 * A value that is written in a way that cannot be edited in place (in brackets, with anchors) is
 * written again as a whole, if it changes.
 *
 * @param text valid YAML whose value is an object
 */
export function editedYaml(text: string, value: object): string {
  const isWindows = text.includes('\r\n');
  const source = isWindows ? text.replaceAll('\r\n', '\n') : text;
  const edited = new Edit(source).of(value);
  return isWindows ? edited.replaceAll('\n', '\r\n') : edited;
}

/** A pair of a map, or an item of a list, with what is in front of it. */
interface Chunk {
  /** Blank lines and comments in front of it, whole lines. */
  readonly lead: string;
  /** From its first character to the end of its last line. */
  readonly body: string;
}

/** Thrown for a value that cannot be edited in place. */
class NotInPlace extends Error {}

class Edit {
  readonly #source: string;
  readonly #layout: Layout;
  readonly #document: Document;
  readonly #contents: Node | null;

  constructor(source: string) {
    this.#source = source;
    this.#document = parseDocument(source, { keepSourceTokens: true, logLevel: 'silent' });
    this.#contents = this.#document.contents as Node | null;
    this.#layout = this.#layoutOf(this.#contents);
  }

  of(value: object): string {
    const edited = this.#edited(value);
    // Aliases repeat what was edited elsewhere: then the whole file is written again.
    return isSameJson(readBack(edited), value) ? edited : this.#written(value);
  }

  #edited(value: object): string {
    const contents = this.#contents;
    if (contents && isSameJson(this.#plain(contents), value)) return this.#source;
    if (!isMap(contents) || !this.#isEditable(contents)) return this.#written(value);
    const [start] = rangeOf(contents);
    const end = this.#endOf(contents);
    try {
      const inner = this.#map(contents, value, undefined);
      return `${this.#source.slice(0, start)}${inner}${this.#source.slice(end)}`;
    } catch (error) {
      if (!(error instanceof NotInPlace)) throw error;
      return this.#written(value);
    }
  }

  /** The comments in front of the value are kept. */
  #written(value: object): string {
    const [start = 0] = this.#contents?.range ?? [];
    const head = /^(?:[ \t]*(?:#.*)?\n)*/.exec(this.#source.slice(0, start))?.[0] ?? '';
    return `${head}${yamlText(value, this.#layout)}`;
  }

  /** @param from where the lines begin that belong to it; undefined if it begins within a line */
  #map(map: YAMLMap, value: object, from: number | undefined): string {
    const indent = this.#columnOf(rangeOf(map)[0]);
    const old = new Map(this.#pairs(map, from).map((it) => [it.name, it]));
    const fields = Object.entries(value).filter(([, it]) => it !== undefined);
    const names = merged(
      [...old.keys()],
      fields.map(([name]) => name),
    );
    const values = new Map(fields);
    const chunks = names.map((name): Chunk => {
      const pair = old.get(name);
      if (!pair) return { lead: '', body: this.#newPair(name, values.get(name), indent) };
      return { lead: pair.lead, body: this.#pairBody(pair, values.get(name), indent) };
    });
    const kept = new Set(names);
    const leftOver = this.#leftOver([...old.values()], (it) => kept.has(it.name));
    return this.#joined(chunks, indent, from === undefined, leftOver);
  }

  /** The comments that remain of what was removed, by the chunk that they now precede. */
  #leftOver<C extends Chunk>(old: readonly C[], isKept: (chunk: C) => boolean): string {
    return old
      .filter((it) => !isKept(it))
      .map(({ lead }) => detached(lead))
      .join('');
  }

  #pairs(
    map: YAMLMap,
    from: number | undefined,
  ): (Chunk & { readonly name: string; readonly pair: Pair })[] {
    let at = from;
    return map.items.map((pair) => {
      const { key, value } = pair;
      if (!isScalar(key) || key.anchor || key.tag) throw new NotInPlace();
      const [start, keyEnd] = rangeOf(key);
      const lead = at === undefined ? '' : this.#leadBetween(at, start);
      at = value ? this.#endOf(value as Node) : this.#lineEnd(keyEnd);
      return { name: String(key.value), pair, lead, body: this.#source.slice(start, at) };
    });
  }

  #pairBody({ pair, body }: Chunk & { pair: Pair }, value: unknown, indent: number): string {
    const node = pair.value as Node | null;
    if (node && isSameJson(this.#plain(node), value)) return body;
    const [start, keyEnd] = rangeOf(pair.key as Node);
    const block = node && this.#block(node, value, start, this.#lineEnd(keyEnd));
    if (block) return block;
    const key = this.#source.slice(start, keyEnd);
    const comment = node ? this.#commentOf(node) : '';
    const style = isScalar(node) && isQuoted(node.type) ? node.type : undefined;
    return `${key}:${commented(this.#newValue(value, indent, style), comment)}`;
  }

  /**
   * A block that stays one, edited, with its key or dash; undefined if the value must be written
   * again.
   *
   * @param start of the key or dash
   * @param lineEnd of its line
   */
  #block(node: Node, value: unknown, start: number, lineEnd: number): string | undefined {
    if (!this.#isEditable(node)) return undefined;
    const [inner] = rangeOf(node);
    const from = inner < lineEnd ? undefined : lineEnd;
    const head = this.#source.slice(start, from ?? inner);
    if (isMap(node) && isFilledObject(value)) return `${head}${this.#map(node, value, from)}`;
    if (isSeq(node) && Array.isArray(value) && value.length > 0) {
      return `${head}${this.#list(node, value, from)}`;
    }
    return undefined;
  }

  #list(list: YAMLSeq, values: readonly unknown[], from: number | undefined): string {
    const indent = this.#columnOf(rangeOf(list)[0]);
    const items = this.#items(list, from);
    const pairs = matches(
      items.map(({ node }) => this.#plain(node)),
      values,
    );
    const chunks = values.map((value, i): Chunk => {
      const item = items[pairs[i] ?? -1];
      if (!item) return { lead: '', body: this.#newItem(value, indent) };
      return { lead: item.lead, body: this.#itemBody(item, value, indent) };
    });
    const kept = new Set(pairs.map((it) => items[it ?? -1]));
    const leftOver = this.#leftOver(items, (it) => kept.has(it));
    return this.#joined(chunks, indent, from === undefined, leftOver);
  }

  #items(
    list: YAMLSeq,
    from: number | undefined,
  ): (Chunk & { readonly node: Node; readonly dash: number })[] {
    let at = from;
    const dashes = dashesOf(list);
    return list.items.map((item, i) => {
      const node = item as Node | null;
      const dash = dashes[i];
      if (dash === undefined || !node) throw new NotInPlace();
      const lead = at === undefined ? '' : this.#leadBetween(at, dash);
      at = this.#endOf(node);
      return { node, dash, lead, body: this.#source.slice(dash, at) };
    });
  }

  #itemBody(
    { node, dash, body }: Chunk & { node: Node; dash: number },
    value: unknown,
    indent: number,
  ): string {
    if (isSameJson(this.#plain(node), value)) return body;
    const block = this.#block(node, value, dash, this.#lineEnd(dash));
    if (block !== undefined) return block;
    const style = isScalar(node) && isQuoted(node.type) ? node.type : undefined;
    const scalar = scalarText(value, style);
    const comment = this.#commentOf(node);
    if (scalar !== undefined) return `-${commented(` ${scalar}\n`, comment)}`;
    return this.#newItem(value, indent);
  }

  #newPair(name: string, value: unknown, indent: number): string {
    const key = scalarText(name, undefined) ?? JSON.stringify(name);
    return `${key}:${this.#newValue(value, indent, undefined)}`;
  }

  /** What follows the colon, the end of the line included. */
  #newValue(value: unknown, indent: number, style: Scalar.Type | undefined): string {
    const scalar = scalarText(value, style);
    if (scalar !== undefined) return ` ${scalar}\n`;
    return shifted(yamlText({ k: value }, this.#layout).slice(2), indent);
  }

  #newItem(value: unknown, indent: number): string {
    return shifted(yamlText([value], this.#layout), indent);
  }

  /** @param isWithinLine whether the first chunk begins within a line, behind a dash */
  #joined(
    chunks: readonly Chunk[],
    indent: number,
    isWithinLine: boolean,
    leftOver: string,
  ): string {
    const margin = ' '.repeat(indent);
    const text = chunks
      .map(({ lead, body }, i) => {
        const whole = body.endsWith('\n') ? body : `${body}\n`;
        if (i > 0 || !isWithinLine) return `${lead}${margin}${whole}`;
        const front = lead.trim() === '' ? '' : `${lead.trim()}\n${margin}`;
        return `${front}${whole}`;
      })
      .join('');
    return `${text}${leftOver}`;
  }

  /** @throws NotInPlace if something else than lines of comments is in front */
  #leadBetween(from: number, to: number): string {
    const lead = this.#source.slice(from, this.#lineStart(to));
    const isAlone = this.#source.slice(this.#lineStart(to), to).trim() === '';
    const areComments = lead.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
    if (!isAlone || !areComments || this.#lineStart(to) < from) throw new NotInPlace();
    return lead;
  }

  /** The comment on the line of a value that is not a block of its own. */
  #commentOf(node: Node): string {
    const [start, end] = rangeOf(node);
    const isBlock = isScalar(node) && isBlockText(node.type);
    const isCollection = (isMap(node) || isSeq(node)) && !node.flow;
    if (isCollection) return '';
    const line = isBlock
      ? this.#source.slice(start, this.#lineEnd(start)).replace(/^[|>][-+\d]*/, '')
      : this.#source.slice(end, this.#lineEnd(end));
    return /^\s+#/.test(line) ? line.trimEnd() : '';
  }

  /** Where the lines of a value end. */
  #endOf(node: Node): number {
    const [, end] = rangeOf(node);
    if (isScalar(node) && isBlockText(node.type)) return end;
    if (isMap(node) && !node.flow) {
      const last = node.items.at(-1);
      const value = last?.value as Node | null | undefined;
      if (value) return this.#endOf(value);
      return this.#lineEnd(last ? rangeOf(last.key as Node)[1] : end);
    }
    if (isSeq(node) && !node.flow) {
      const last = node.items.at(-1) as Node | null | undefined;
      return last ? this.#endOf(last) : this.#lineEnd(end);
    }
    return this.#lineEnd(end);
  }

  #isEditable(node: Node): boolean {
    if (!isMap(node) && !isSeq(node)) return false;
    return !node.flow && !node.anchor && !node.tag && node.items.length > 0;
  }

  #plain(node: Node): unknown {
    return node.toJS(this.#document);
  }

  #lineEnd(offset: number): number {
    const at = this.#source.indexOf('\n', offset);
    return at < 0 ? this.#source.length : at + 1;
  }

  #lineStart(offset: number): number {
    return offset === 0 ? 0 : this.#source.lastIndexOf('\n', offset - 1) + 1;
  }

  #columnOf(offset: number): number {
    return offset - this.#lineStart(offset);
  }

  /** As the first nested map and the first list below a key are laid out. */
  #layoutOf(contents: Node | null): Layout {
    if (!isMap(contents)) return USUAL_LAYOUT;
    const column = (node: Node) => this.#columnOf(rangeOf(node)[0]);
    const values = contents.items.map(({ value }) => value).filter((it) => it !== null);
    const map = values.find((it): it is YAMLMap => isMap(it) && !it.flow && it.items.length > 0);
    const list = values.find((it): it is YAMLSeq => isSeq(it) && !it.flow && it.items.length > 0);
    const indent = map ? column(map) : USUAL_LAYOUT.indent;
    return {
      indent: indent > 0 ? indent : USUAL_LAYOUT.indent,
      isListIndented: list ? column(list) > 0 : USUAL_LAYOUT.isListIndented,
    };
  }
}

function readBack(source: string): unknown {
  const document = parseDocument(source, { logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch (error) {
    // An alias whose anchor the edit removed.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function rangeOf(node: Node): readonly [number, number] {
  if (!node.range) throw new NotInPlace();
  return [node.range[0], node.range[1]];
}

function dashesOf({ srcToken }: YAMLSeq): (number | undefined)[] {
  if (srcToken?.type !== 'block-seq') return [];
  return srcToken.items.map(
    ({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset,
  );
}

/**
 * The names that a map has afterwards: those that stay keep their order; each new one follows the
 * name that precedes it.
 */
function merged(old: readonly string[], names: readonly string[]): string[] {
  const wanted = new Set(names);
  const result = old.filter((name) => wanted.has(name));
  for (const [i, name] of names.entries()) {
    if (result.includes(name)) continue;
    const before = names[i - 1];
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, name);
  }
  return result;
}

/** By value, the old item that it continues: the one with its id, an equal one, or that of its place. */
function matches(old: readonly unknown[], values: readonly unknown[]): (number | undefined)[] {
  const free = new Set(old.keys());
  const claim = (at: number | undefined) => {
    if (at !== undefined) free.delete(at);
    return at;
  };
  const found = values.map((value) => {
    const id = idOf(value);
    const isIt = (it: unknown) => (id === undefined ? isSameJson(it, value) : idOf(it) === id);
    return claim([...free].find((at) => isIt(old[at])));
  });
  return found.map((at, i) => {
    if (at !== undefined || idOf(values[i]) !== undefined) return at;
    return free.has(i) && idOf(old[i]) === undefined ? claim(i) : undefined;
  });
}

function idOf(value: unknown): unknown {
  if (!isFilledObject(value)) return undefined;
  const { id, toolId = id } = value as { readonly id?: unknown; readonly toolId?: unknown };
  return toolId;
}

/** Of the lines in front of something removed, those that do not belong to it. */
function detached(lead: string): string {
  const at = lead.trimEnd() === '' ? -1 : lead.lastIndexOf('\n\n');
  const kept = at < 0 ? '' : lead.slice(0, at + 1);
  return kept.trim() === '' ? '' : kept;
}

/** A value behind a colon or dash, with the comment on its first line. */
function commented(text: string, comment: string): string {
  const at = text.indexOf('\n');
  return `${text.slice(0, at)}${comment}${text.slice(at)}`;
}

/** Every line but the first, moved to the right. */
function shifted(text: string, indent: number): string {
  return text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(indent)}`);
}

function isQuoted(type: Scalar.Type | undefined): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
}

function isBlockText(type: Scalar.Type | undefined): boolean {
  return type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
}

function isFilledObject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0
  );
}
