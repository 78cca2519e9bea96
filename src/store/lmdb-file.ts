import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StoreMisconfigured } from './port.ts';

/**
 * What is checked of an LMDB file before it is opened: LMDB maps it into memory and trusts it,
 * so a damaged one ends the process by a signal.
 */

export const DATA_FILE = 'data.mdb';
export const LOCK_FILE = 'lock.mdb';

/** The two meta pages, of which each commit writes one. Offsets are in bytes, numbers little-endian. */
const META_PAGES = 2;
const MAGIC_AT = 24;
const MAGIC = 0xbeefc0de;
const FORMAT_AT = 28;
const FORMAT = 2;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const MIN_PAGE_SIZE = 512;
const MAX_PAGE_SIZE = 65_536;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: number;
}

/** @throws StoreMisconfigured when the folder has a data file that LMDB could not read */
export function assertIntact(folder: string): void {
  let file: number;
  try {
    file = openSync(join(folder, DATA_FILE), 'r+');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new StoreMisconfigured(`the folder of STORE_URL cannot be used: ${message}`);
  }
  try {
    // A process that died before its first commit leaves an empty one.
    if (fstatSync(file).size > 0) assertComplete(file);
  } finally {
    closeSync(file);
  }
}

function assertComplete(file: number): void {
  const first = metaAt(file, 0);
  if (!first) throw damaged('it does not begin as one');
  const metas = [first];
  for (let page = 1; page < META_PAGES; page += 1) {
    const meta = metaAt(file, page * first.pageSize);
    if (!meta) throw damaged(`its page ${page} is not as it should be`);
    metas.push(meta);
  }
  const [newest] = metas.sort((a, b) => b.transaction - a.transaction);
  const expected = ((newest?.lastPage ?? 0) + 1) * first.pageSize;
  // Read last: another process may write, which extends the file before a meta page says so.
  const { size } = fstatSync(file);
  if (size < expected) throw damaged(`it has ${size} bytes of ${expected}`);
}

/** Undefined where there is no meta page. */
function metaAt(file: number, offset: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  if (readSync(file, bytes, 0, META_BYTES, offset) < META_BYTES) return undefined;
  if (bytes.readUInt32LE(MAGIC_AT) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(FORMAT_AT) !== FORMAT) return undefined;
  const pageSize = bytes.readUInt32LE(PAGE_SIZE_AT);
  if (pageSize < MIN_PAGE_SIZE || pageSize > MAX_PAGE_SIZE) return undefined;
  return {
    pageSize,
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: Number(bytes.readBigUInt64LE(TRANSACTION_AT)),
  };
}

function damaged(how: string): StoreMisconfigured {
  return new StoreMisconfigured(
    `${DATA_FILE} in the folder of STORE_URL is damaged, or no LMDB file: ${how}`,
  );
}
