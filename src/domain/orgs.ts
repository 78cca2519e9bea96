import { invalid } from './errors.ts';
import { mergePatch, type Patch } from './patch.ts';

/** The metadata of an organisation (reference, "Org"). */
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

export interface UpdateOrgInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/**
 * A merge patch of the fields that an org's admins may set.
 *
 * @throws DomainError `request.invalid` for an empty patch, or one that clears the name
 */
export function updateOrg<O extends Org>(org: O, input: UpdateOrgInput): O {
  if (input.name === null) throw invalid([{ path: 'name', message: 'cannot be cleared' }]);
  if (Object.values(input).every((value) => value === undefined)) {
    throw invalid([
      { path: '', message: 'must have at least one of name, description and timeZone' },
    ]);
  }
  return mergePatch<O>(org, input as Patch<O>);
}
