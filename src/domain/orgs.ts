import { invalid, type Problem } from './errors.ts';
import { mergePatch, type Patch } from './patch.ts';

/** The metadata of an organisation (reference, "Org"). */
export interface Org {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly description?: string;
  /** IANA. */
  readonly timeZone?: string;
  /** Set by the operators of this service. */
  readonly features: readonly string[];
  /** Set by the operators of this service. */
  readonly products: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface UpdateOrgInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/** What the operators of this service set: admins cannot. */
export interface EntitleOrgInput {
  readonly features?: readonly string[] | undefined;
  readonly products?: readonly string[] | undefined;
}

/** The feature of an org whose tokens may execute trusted documents only. */
export const TRUSTED_DOCUMENTS_ONLY = 'trusted-documents-only';

const MAX_ENTITLEMENTS = 200;
const MAX_ENTITLEMENT_LENGTH = 200;

/**
 * Replaces the features, the products, or both. White space at the ends and repetitions are
 * removed.
 *
 * @throws DomainError `request.invalid`
 */
export function entitleOrg<O extends Org>(org: O, input: EntitleOrgInput): O {
  const { features = org.features, products = org.products } = input;
  const problems = [
    ...(input.features === undefined && input.products === undefined
      ? [{ path: '', message: 'must have at least one of features and products' }]
      : []),
    ...entitlementProblems('features', features),
    ...entitlementProblems('products', products),
  ];
  if (problems.length > 0) throw invalid(problems);
  return { ...org, features: trimmed(features), products: trimmed(products) };
}

function entitlementProblems(path: string, names: readonly string[]): Problem[] {
  if (names.length > MAX_ENTITLEMENTS) {
    return [{ path, message: `must have at most ${MAX_ENTITLEMENTS} items` }];
  }
  return names.flatMap((name, i) => {
    if (name.trim() === '') return [{ path: `${path}[${i}]`, message: 'must not be blank' }];
    if (name.length <= MAX_ENTITLEMENT_LENGTH) return [];
    const message = `must have at most ${MAX_ENTITLEMENT_LENGTH} characters`;
    return [{ path: `${path}[${i}]`, message }];
  });
}

function trimmed(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.trim()))];
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
