import type { CollectionSpec, Doc, IndexSpec, Page, RangeScan } from './port.ts';
import { bytesOf } from './text.ts';

/** The most bytes of the key and the index fields of a document, in any one index. */
export const MAX_INDEX_BYTES = 1_500;

const MAX_UTF8_BYTES_OF_UNIT = 3;

/** The index a scan names. @throws RangeError when the scan does not fit a declared index. */
export function indexOf(spec: CollectionSpec, scan: RangeScan): IndexSpec {
  const index = spec.indexes[scan.index];
  if (!index) throw new RangeError(`${spec.name} declares no index '${scan.index}'`);
  if (scan.eq.length !== index.eq.length) {
    throw new RangeError(`${spec.name}.${scan.index} takes ${index.eq.length} values`);
  }
  if (index.eq.some((field, i) => field === index.each && Array.isArray(scan.eq[i]))) {
    throw new RangeError(`${spec.name}.${scan.index} takes one value for '${index.each}'`);
  }
  if (!(scan.limit >= 1)) throw new RangeError('a scan takes a limit of at least 1');
  return index;
}

/** @throws RangeError when the key or the index fields are too long, or the key is not as declared */
export function assertIndexable(spec: CollectionSpec, doc: Doc): void {
  const keyedBy = spec.keyedBy && fieldOf(doc, spec.keyedBy);
  if (typeof keyedBy === 'string' && !doc.key.startsWith(`${keyedBy}/`)) {
    throw new RangeError(`${spec.name}: the key '${doc.key}' must begin with '${keyedBy}/'`);
  }
  if (isLongerThanStored([doc.key])) {
    throw new RangeError(`${spec.name}: a key takes ${MAX_INDEX_BYTES} bytes`);
  }
  for (const [name, { eq, order }] of Object.entries(spec.indexes)) {
    // Nearly all are too short for their bytes to need counting.
    let length = doc.key.length + textOf(doc, order).length;
    for (const field of eq) length += textOf(doc, field).length;
    if (length * MAX_UTF8_BYTES_OF_UNIT <= MAX_INDEX_BYTES) continue;
    const bytes = bytesOf([...eq, order, 'key'].map((field) => textOf(doc, field)));
    if (bytes > MAX_INDEX_BYTES) {
      throw new RangeError(`${spec.name}.${name} takes ${MAX_INDEX_BYTES} bytes, not ${bytes}`);
    }
  }
}

/** Whether texts are longer than those of any index entry: no stored document has them. */
export function isLongerThanStored(texts: readonly unknown[]): boolean {
  let length = 0;
  for (const text of texts) if (typeof text === 'string') length += text.length;
  return length * MAX_UTF8_BYTES_OF_UNIT > MAX_INDEX_BYTES && bytesOf(texts) > MAX_INDEX_BYTES;
}

/** The text of a field; of a list of texts, the longest. */
function textOf(doc: Doc, field: string): string {
  const value = fieldOf(doc, field);
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? longestOf(value) : '';
}

function longestOf(values: readonly unknown[]): string {
  let longest = '';
  for (const it of values) {
    if (typeof it === 'string' && bytesOf([it]) > bytesOf([longest])) longest = it;
  }
  return longest;
}

/** A page of at most `limit` out of up to `limit + 1` documents in scan order. */
export function pageOf<D extends Doc>(docs: D[], limit: number, order: string): Page<D> {
  return {
    docs: docs.slice(0, limit),
    more: docs.length > limit,
    cursorOf: (doc) => ({ key: doc.key, order: String(fieldOf(doc, order)) }),
  };
}

/** A top-level field of a document, whatever its type. */
export function fieldOf(doc: Doc, field: string): unknown {
  return (doc as unknown as Record<string, unknown>)[field];
}
