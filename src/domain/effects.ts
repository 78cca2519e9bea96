/**
 * The clock, randomness and ids, as the services get them. Domain functions
 * take the values, never this.
 */
export interface Effects {
  now(): Date;
  /** `length` characters of `alphabet`, each unguessable. */
  random(alphabet: string, length: number): string;
  /** Unique, and ordered by creation within this process and, by the clock, across processes. */
  uid(): string;
}
