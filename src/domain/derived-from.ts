import type { Fields } from './fields.ts';

/** The catalog template, and its version, that a part of an agent was copied from. */
export interface DerivedFrom {
  readonly templateId: string;
  readonly version: string;
}

export const DERIVED_FROM: Fields<DerivedFrom> = { templateId: true, version: true };
