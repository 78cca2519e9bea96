import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Problem, pathText } from '../domain/errors.ts';
import type { AgentIdentity } from '../domain/identity.ts';

/** The parts of an agent that can pre-fill a field of a form. */
const SEEDS = [
  'name',
  'description',
  'identity.smallLogoUrl',
  'identity.largeBannerUrl',
  'identity.brandColor',
  'identity.contactEmail',
  'identity.contactPhone',
  'identity.websiteUrl',
  'identity.privacyPolicyUrl',
  'identity.termsOfServiceUrl',
  'identity.contactAvailability',
  'identity.identityPreamble',
] as const satisfies readonly ('name' | 'description' | `identity.${keyof AgentIdentity}`)[];

/**
 * Compiles forms (JSON Schema 2020-12), strictly: an unknown keyword or format
 * is an error, not a hint. Tells every problem of a value. A schema object that
 * was compiled once is not compiled again, and the loader has compiled all of
 * the catalog's.
 */
export const forms = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(forms);
forms.addKeyword({ keyword: 'x-seededFrom', schemaType: 'string', metaSchema: { enum: SEEDS } });

/** What a form's validator found wrong with a value, by the field that it concerns. */
export function problemsOf(errors: readonly ErrorObject[] | null | undefined): Problem[] {
  return (errors ?? []).map(({ instancePath, keyword, params, message = 'is invalid' }) => {
    const path = steps(instancePath);
    switch (keyword) {
      case 'required':
        return {
          path: pathText([...path, params.missingProperty as string]),
          message: 'is required',
        };
      case 'additionalProperties':
        return {
          path: pathText([...path, params.additionalProperty as string]),
          message: 'is not a field here',
        };
      case 'enum':
        return {
          path: pathText(path),
          message: `must be one of ${(params.allowedValues as unknown[]).join(', ')}`,
        };
      default:
        return { path: pathText(path), message };
    }
  });
}

/** The steps of a JSON pointer. */
function steps(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
