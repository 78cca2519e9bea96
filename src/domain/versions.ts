const BY_NUMBERS = new Intl.Collator('en', { numeric: true });

/** Whether one version of a template is newer than another: `2` than `1`, `1.10` than `1.9`. */
export function isNewer(version: string, than: string): boolean {
  return BY_NUMBERS.compare(version, than) > 0;
}
