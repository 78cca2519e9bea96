/**
 * The clock, randomness and ids, for services. Domain functions have the values as
 * arguments, never this.
 */
export interface Effects {
  now(): Date;
  /** `length` characters of `alphabet`, cryptographically random. */
  random(alphabet: string, length: number): string;
  /** Unique. Ids of one process are ordered by creation, those of several by the clock. */
  uid(): string;
}
