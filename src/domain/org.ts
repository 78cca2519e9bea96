/** An organisation's own metadata (reference, "Org"). */
export interface Org {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly description?: string;
  /** IANA. */
  readonly timeZone?: string;
  readonly features: readonly string[];
  readonly products: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}
