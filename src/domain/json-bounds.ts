import { isLonger } from './lengths.ts';

/**
 * Bounds of a JSON value: how deep it nests and how much it holds. One check serves
 * request bodies, definitions, forms and agents; each sets the bounds that it needs.
 */
export interface JsonBounds {
  /** Objects and lists within one another, the outermost included. */
  readonly maxLevels?: number;
  /** Items of any one list. */
  readonly maxListLength?: number;
  /** Items of all lists together. */
  readonly maxItems?: number;
  /** Values of every kind, the outermost included. */
  readonly maxValues?: number;
  /** Characters of any text, and of the name of any field. */
  readonly maxTextLength?: number;
  /** Names of fields whose values are not checked. */
  readonly except?: ReadonlySet<string>;
}

export interface Excess {
  readonly bound: Exclude<keyof JsonBounds, 'except'>;
  /** The list that is too long, or else the first value past the bound. */
  readonly path: readonly (string | number)[];
}

/** A list or object that is being read, and how far. */
interface Frame {
  readonly value: Readonly<Record<string | number, unknown>>;
  /** Undefined for a list. */
  readonly fields: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/**
 * The first excess in document order; undefined if the value is within its bounds.
 * Keeps its own stack, because a value may nest deeper than the call stack allows.
 */
export function firstExcess(value: unknown, bounds: JsonBounds): Excess | undefined {
  const open: Frame[] = [];
  let current = value;
  let values = 0;
  let items = 0;
  for (;;) {
    values += 1;
    if (Array.isArray(current)) items += current.length;
    const bound = exceeded(current, { levels: open.length + 1, values, items }, bounds);
    if (bound) return { bound, path: open.map(lastStep) };
    if (isContainer(current)) open.push(frameOf(current, bounds.except));
    let frame = open.at(-1);
    while (frame && frame.next === frame.length) {
      open.pop();
      frame = open.at(-1);
    }
    if (!frame) return undefined;
    frame.next += 1;
    current = frame.value[lastStep(frame)];
  }
}

interface Counts {
  readonly levels: number;
  readonly values: number;
  readonly items: number;
}

function exceeded(
  value: unknown,
  { levels, values, items }: Counts,
  { maxLevels, maxListLength, maxItems, maxValues, maxTextLength }: JsonBounds,
): Excess['bound'] | undefined {
  if (isOver(values, maxValues)) return 'maxValues';
  if (maxTextLength !== undefined && hasLongText(value, maxTextLength)) return 'maxTextLength';
  if (isContainer(value) && isOver(levels, maxLevels)) return 'maxLevels';
  if (!Array.isArray(value)) return undefined;
  if (isOver(value.length, maxListLength)) return 'maxListLength';
  return isOver(items, maxItems) ? 'maxItems' : undefined;
}

function isOver(count: number, bound: number | undefined): boolean {
  return bound !== undefined && count > bound;
}

/** A text, or the name of a field, that is longer than that. */
function hasLongText(value: unknown, length: number): boolean {
  if (typeof value === 'string') return isLonger(value, length);
  if (!isContainer(value) || Array.isArray(value)) return false;
  return Object.keys(value).some((name) => isLonger(name, length));
}

function isContainer(value: unknown): value is Frame['value'] {
  return typeof value === 'object' && value !== null;
}

function frameOf(value: Frame['value'], except: JsonBounds['except']): Frame {
  if (Array.isArray(value)) return { value, fields: undefined, length: value.length, next: 0 };
  const fields = Object.keys(value).filter((field) => !except?.has(field));
  return { value, fields, length: fields.length, next: 0 };
}

function lastStep({ fields, next }: Frame): string | number {
  return fields?.[next - 1] ?? next - 1;
}

/** The most bytes of a unit of UTF-16 in JSON: that of a control character, `\u001f`. */
const MAX_UNIT_BYTES = 6;
/** The most bytes of a number, or of any other value without text. */
const MAX_PLAIN_BYTES = 25;
/** Quotes, a colon and a comma. */
const MARKS = 4;

/**
 * The bytes that a value has as JSON at most: a bound from above that takes a fraction of the time
 * of writing it.
 */
export function mostBytes(value: unknown): number {
  if (typeof value === 'string') return MAX_UNIT_BYTES * value.length + MARKS;
  if (typeof value !== 'object' || value === null) return MAX_PLAIN_BYTES;
  let bytes = MARKS;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    bytes += MAX_UNIT_BYTES * key.length + MARKS + mostBytes(inner);
  }
  return bytes;
}
