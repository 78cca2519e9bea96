import { StoreMisconfigured } from './port.ts';

/**
 * Options of a MongoDB URL that would weaken what the store promises, and the one value of
 * each that does not. The driver lets a URL's options override those of the code.
 */
const FIXED: Readonly<Record<string, string | undefined>> = {
  readpreference: 'primary',
  readpreferencetags: undefined,
  maxstalenessseconds: undefined,
  readconcernlevel: 'majority',
  w: 'majority',
  wtimeout: undefined,
  wtimeoutms: undefined,
  j: 'true',
  journal: 'true',
  retrywrites: 'true',
  retryreads: 'true',
};

/** @throws StoreMisconfigured naming the first option that contradicts the store's promises */
export function assertPromisesKept(url: string): void {
  const [, query = ''] = /\?(.*)$/.exec(url) ?? [];
  for (const [option, value] of new URLSearchParams(query)) {
    const name = option.toLowerCase();
    if (!(name in FIXED) || FIXED[name] === value) continue;
    const allowed = FIXED[name] === undefined ? '' : ` (it is always ${FIXED[name]})`;
    throw new StoreMisconfigured(
      `STORE_URL must not set ${option}: the store's promises rest on it${allowed}`,
    );
  }
}

/** The database that a URL names behind its hosts, of which there may be several. */
export function databaseOf(url: string): string {
  const [, name = ''] = /^[^/]+\/\/[^/?]+\/([^?]*)/.exec(url) ?? [];
  return decodeURIComponent(name);
}
