import type { Fields } from './fields.ts';

/** The catalog template, at its version, from which a part of an agent was copied. */
export interface DerivedFrom {
  readonly templateId: string;
  readonly version: string;
}

export const DERIVED_FROM: Fields<DerivedFrom> = { templateId: true, version: true };
