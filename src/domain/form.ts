import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { type Problem, pathText } from './errors.ts';
import { FORMATS, type TextFormat } from './formats.ts';
import { firstExcess } from './json-bounds.ts';
import { isLonger } from './lengths.ts';
import { SEED_SOURCES } from './seeds.ts';

/** A JSON schema (2020-12) of the catalog: a form to fill in. */
export type FormSchema = Readonly<Record<string, unknown>>;

// Every form is compiled at start and few values are checked, so fast compilation is worth more than fast checks.
const ajv = new Ajv2020({ allErrors: true, strict: true, code: { optimize: false } });
ajvFormats.default(ajv);
// An annotation for clients. It does not restrict values.
ajv.addKeyword({
  keyword: 'x-seededFrom',
  schemaType: 'string',
  metaSchema: { enum: SEED_SOURCES },
});
for (const [name, { maxLength, parse }] of Object.entries<TextFormat>(FORMATS)) {
  ajv.addFormat(name, (text) => !isLonger(text, maxLength) && parse(text) !== undefined);
}

/** More than any form needs. Bounded because each value can be a problem, and all are reported. */
const MAX_VALUES = 2_000;

/** By form: forms are few and live as long as the process. */
const validators = new WeakMap<FormSchema, ValidateFunction>();

/**
 * Every problem of a filled-in form.
 *
 * @param within the path of the form in the request, e.g. `inputs`; empty for the request itself
 * @throws Error if the form itself is not a valid JSON schema
 */
export function formProblems(form: FormSchema, value: unknown, within: string): Problem[] {
  if (firstExcess(value, { maxValues: MAX_VALUES })) {
    return [{ path: within, message: `must have at most ${MAX_VALUES} values` }];
  }
  const validate = compiled(form);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => problemOf(error, value, within));
}

/** The defect of a form itself: an unknown keyword, format or type, or a bad pattern. */
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

/** Messages in place of those of Ajv that are unclear. */
const MESSAGES: Readonly<
  Record<string, ((params: Record<string, unknown>) => string) | undefined>
> = {
  minLength: ({ limit }) =>
    limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`,
  maxLength: ({ limit }) => `must have at most ${limit} characters`,
  pattern: ({ pattern }) => `must match the pattern ${pattern}`,
  format: ({ format }) =>
    new Map<unknown, TextFormat>(Object.entries(FORMATS)).get(format)?.problem ??
    `must be a ${format}`,
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
    : (MESSAGES[error.keyword]?.(error.params) ?? error.message ?? 'is not valid');
  return { path: pathText(path), message };
}

/** A JSON pointer as steps, with numbers for the indexes of lists. */
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
