import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { type Problem, pathText } from './errors.ts';
import type { AgentIdentity } from './identity.ts';
import { firstExcess } from './json-bounds.ts';

/** A JSON schema (2020-12) of the catalog that describes an object to fill in. */
export type FormSchema = Readonly<Record<string, unknown>>;

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

// Every form is compiled at start and few values are checked: compiling fast counts, checking fast does not.
const ajv = new Ajv2020({ allErrors: true, strict: true, code: { optimize: false } });
ajvFormats.default(ajv);
// For whoever fills in the form: it says nothing about what is valid.
ajv.addKeyword({ keyword: 'x-seededFrom', schemaType: 'string', metaSchema: { enum: SEEDS } });

/** More than any form asks for. Every value can be a problem, and each is told. */
const MAX_VALUES = 2_000;

/** Forms are few and stay for the life of the process. */
const validators = new WeakMap<FormSchema, ValidateFunction>();

/**
 * Everything that is wrong with a filled-in form, and where.
 *
 * @param within the path of the form in the request, e.g. `inputs`; empty for none
 * @throws Error when the form itself is not a valid JSON schema
 */
export function formProblems(form: FormSchema, value: unknown, within: string): Problem[] {
  if (firstExcess(value, { maxValues: MAX_VALUES })) {
    return [{ path: within, message: `may hold ${MAX_VALUES} values at the most` }];
  }
  const validate = compiled(form);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => problemOf(error, value, within));
}

/** What is wrong with a form as such: an unknown keyword, format or type, a bad pattern. */
export function defectOf(form: FormSchema): string | undefined {
  try {
    compiled(form);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function compiled(form: FormSchema): ValidateFunction {
  const validate = validators.get(form) ?? ajv.compile(form);
  validators.set(form, validate);
  return validate;
}

/** Where Ajv's own words are not for people. */
const WORDS: Readonly<Record<string, ((params: Record<string, unknown>) => string) | undefined>> = {
  minLength: ({ limit }) =>
    limit === 1 ? 'must not be empty' : `must have ${limit} characters at the least`,
  maxLength: ({ limit }) => `may have ${limit} characters at the most`,
  pattern: ({ pattern }) => `must match the pattern ${pattern}`,
};

function problemOf(error: ErrorObject, value: unknown, within: string): Problem {
  const path = [within, ...stepsOf(error.instancePath, value)];
  const { missingProperty, additionalProperty, allowedValues } = error.params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: readonly unknown[];
  };
  if (missingProperty !== undefined) {
    return { path: pathText([...path, missingProperty]), message: 'is required' };
  }
  if (additionalProperty !== undefined) {
    return { path: pathText([...path, additionalProperty]), message: 'is not a field here' };
  }
  const message = allowedValues
    ? `must be one of ${allowedValues.join(', ')}`
    : (WORDS[error.keyword]?.(error.params) ?? error.message ?? 'is not valid');
  return { path: pathText(path), message };
}

/** A JSON pointer as steps; an index where it leads into a list. */
function stepsOf(pointer: string, value: unknown): (string | number)[] {
  let at = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(at) ? Number(name) : name;
      at = (at as Record<string | number, unknown>)[step];
      return step;
    });
}
