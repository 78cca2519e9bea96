import { randomBytes } from 'node:crypto';
import type { Document } from 'mongodb';
import type { Doc } from './port.ts';

/** As stored: `key` is `_id`. */
export interface Row extends Document {
  _id: string;
  version: number;
  /**
   * The number of the commit that wrote the row last: no other state of it has the same. A
   * commit whose answer was lost is recognised by it.
   */
  _write: number;
}

const BYTES_OF_SAFE_INTEGER = 6;

/** A number for one commit. Two are equal by accident once in 10^14. */
export function newMark(): number {
  return randomBytes(BYTES_OF_SAFE_INTEGER).readUIntBE(0, BYTES_OF_SAFE_INTEGER);
}

export function toRow({ key, ...rest }: Doc, mark: number): Row {
  return { _id: key, ...rest, _write: mark };
}

export function fromRow<D extends Doc>({ _id, _scan, _write, ...rest }: Document): D {
  return { key: _id, ...rest } as unknown as D;
}
