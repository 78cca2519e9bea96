import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { type Problem, pathText } from './errors.ts';

/** A JSON schema of the catalog that describes an object to fill in. */
export type FormSchema = Readonly<Record<string, unknown>>;

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false });
ajvFormats.default(ajv);
// Ours, for whoever fills in the form: they say nothing about what is valid.
ajv.addVocabulary(['x-seededFrom']);

/** Forms are few and stay for the life of the process. */
const validators = new WeakMap<FormSchema, ValidateFunction>();

/**
 * Everything that is wrong with a filled-in form, and where.
 *
 * @param within the path of the form in the request, e.g. `inputs`
 * @throws Error when the form itself is not a valid JSON schema
 */
export function formProblems(form: FormSchema, value: unknown, within: string): Problem[] {
  const validate = validators.get(form) ?? ajv.compile(form);
  validators.set(form, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => problemOf(error, value, within));
}

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
    : (error.message ?? 'is not valid');
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
