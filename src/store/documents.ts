import { type Doc, IllFormedDocument } from './port.ts';

/**
 * Prepares a document to be stored: drops what is undefined, and freezes the rest, for it may
 * be returned to all who read it.
 *
 * @throws IllFormedDocument
 */
export function storable<T extends object>(value: T): T {
  const found = inspect(value);
  if (found === ILL_FORMED) throw new IllFormedDocument(illFormedIn(value) ?? '');
  const plain = found === UNDEFINED ? (defined(value) as T) : value;
  freeze(plain);
  return plain;
}

/** A value without what is undefined in it, as JSON writes it. */
function defined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map((item) => defined(item) ?? null);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(fields.map(([field, inner]) => [field, defined(inner)]));
}

const NOTHING = 0;
const UNDEFINED = 1;
const ILL_FORMED = 2;

/**
 * The worst that is found in a value. A frozen one is a part of a document that was stored: nothing
 * but the store freezes values.
 */
function inspect(value: unknown): number {
  if (typeof value === 'string') return isWellFormed(value) ? NOTHING : ILL_FORMED;
  if (typeof value !== 'object' || value === null) return value === undefined ? UNDEFINED : NOTHING;
  if (Object.isFrozen(value)) return NOTHING;
  let worst = NOTHING;
  for (const field in value) {
    if (!isWellFormed(field)) return ILL_FORMED;
    const found = inspect((value as Record<string, unknown>)[field]);
    if (found > worst) worst = found;
  }
  return worst;
}

/** The path of the first text that is no Unicode; undefined where there is none. */
function illFormedIn(value: unknown): string | undefined {
  if (inspect(value) !== ILL_FORMED) return undefined;
  if (typeof value !== 'object' || value === null) return '';
  for (const [field, inner] of Object.entries(value)) {
    if (!isWellFormed(field)) return field;
    const path = illFormedIn(inner);
    if (path !== undefined) return path === '' ? field : `${field}.${path}`;
  }
  return undefined;
}

/** Node has it; the types of ES2023 do not. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const field in value) freeze((value as Record<string, unknown>)[field]);
}

/** A document with the fields that were asked for; all, where none were named. */
export function project<D extends Doc>(doc: D, fields: readonly string[] | undefined): D {
  if (!fields) return doc;
  const picked: Record<string, unknown> = { key: doc.key, version: doc.version };
  for (const field of fields) {
    const value = (doc as unknown as Record<string, unknown>)[field];
    if (value !== undefined) picked[field] = value;
  }
  return picked as unknown as D;
}
