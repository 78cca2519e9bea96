/** The catalog template, and its version, that a part of an agent was copied from. */
export interface DerivedFrom {
  readonly templateId: string;
  readonly version: string;
}
