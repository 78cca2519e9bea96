import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DocumentedOperation, DocumentedServer, type Schema } from '../kit/operations.ts';
import { isOnMongodb } from '../kit/store.ts';

/*
 * Sends values at and beyond every bound of every body in the OpenAPI document, and expects the
 * server to accept and reject them as the document does.
 */

let documented: DocumentedServer;
beforeAll(async () => {
  documented = await DocumentedServer.start();
});
afterAll(() => documented.stop());

type Path = readonly (string | number)[];

/** A value for one place of a body. */
interface Variant {
  readonly path: Path;
  readonly value: unknown;
  readonly isValid: boolean;
  /** What the message of a refusal must say. */
  readonly message?: RegExp;
}

/** Ids of things: the server must know them, or the current value must be repeated. */
const REFERENCES = /(^|\.)id$|templateId|toolId|bindingId|Refs|\bids\b|derivedFrom|version/i;
/** Fields that are valid only together with others. */
const DEPENDENT: Readonly<Record<string, RegExp>> = {
  createChannel: /^(mode|channel|provider|inputs|auth)/,
  updateChannel: /^(inputs|auth|compliance)/,
  replaceToolBinding: /^config/,
  updateToolBinding: /^config/,
  // As it was read, like the references.
  replaceSkill: /^config/,
  updateGuardrails: /^topicsToAvoid\.set/,
  importAgent: /^(playbooks|base$|onConflict$)/,
  importAgentDocument: /^(playbooks|base$|onConflict$)/,
  // They name items and versions that exist.
  getAgentVersionChanges: /^against$/,
  getPrompt: /^(playbookId|personId|version)$/,
};

function isBare(schema: Schema): boolean {
  return schema.type === 'array';
}

/** The schema of a value that is not null, and whether null is one, too. */
function unfolded(schema: Schema): { schema: Schema; isNullable: boolean } {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    const named = documented.document.components.schemas[name];
    if (!named) throw new Error(`there is no schema ${name}`);
    return unfolded(named);
  }
  if (schema.anyOf) {
    const isNullable = schema.anyOf.some(({ type }) => type === 'null');
    const first = schema.anyOf.find((it) => it.type !== 'null' && !isBare(it)) ?? {};
    return { schema: unfolded(first).schema, isNullable };
  }
  const types = [schema.type ?? []].flat();
  if (!types.includes('null')) return { schema, isNullable: false };
  const [type = ''] = types.filter((it) => it !== 'null');
  return { schema: { ...schema, type }, isNullable: true };
}

/** The smallest valid value. */
function sampleOf(given: Schema): unknown {
  const { schema } = unfolded(given);
  const { type, properties = {}, required = [], enum: values } = schema;
  if (values) return values[0];
  if (type === 'object') {
    return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));
  }
  if (type === 'array') return [];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  return textOf(schema, 8);
}

/** A valid text of this length. */
function textOf({ format, pattern, examples }: Schema, length: number): string {
  if (format === 'uri') return 'https://example.com/'.padEnd(length, 'x');
  if (format === 'email')
    return `x@${'x.'.repeat(120)}example.com`.slice(-length).padStart(length, 'x');
  if (format === 'date-time') return '2099-01-01T00:00:00Z';
  const [example] = examples ?? [];
  if (typeof example === 'string') return example;
  const text = 'x'.repeat(length);
  if (pattern === undefined || new RegExp(pattern, 'u').test(text)) return text;
  throw new Error(`no text for ${pattern}`);
}

/** Texts that some pattern or format rejects. */
const ODD_TEXTS = ['', ' ', '#', 'A b', 'ä', '-', '__proto__'];

/** Whether a store makes a difference: to accepted values, such as the longest. */
function isOfStore({ value, isValid }: Variant): boolean {
  return isValid && value !== null && !ODD_TEXTS.includes(String(value));
}

function* textVariants(schema: Schema, path: Path): Generator<Variant> {
  const { maxLength = 0, pattern, format } = schema;
  const message = new RegExp(`must have at most ${maxLength} characters`);
  if (!format && !schema.examples) yield { path, value: textOf(schema, maxLength), isValid: true };
  yield { path, value: 'x'.repeat(maxLength + 1), isValid: false, message };
  if (format) yield { path, value: 'nonsense', isValid: false };
  for (const value of ODD_TEXTS) {
    if (pattern === undefined) continue;
    const isValid = new RegExp(pattern, 'u').test(value) && format === undefined;
    if (!isValid || !schema.examples) yield { path, value, isValid };
  }
}

function* numberVariants({ minimum, maximum }: Schema, path: Path): Generator<Variant> {
  for (const [bound, beyond] of [
    [minimum, -1],
    [maximum, 1],
  ] as const) {
    if (bound === undefined) continue;
    yield { path, value: bound, isValid: true };
    yield { path, value: bound + beyond, isValid: false };
  }
}

/** Every variant of a value and of the values within it. */
function* variantsOf(given: Schema, path: Path): Generator<Variant> {
  const { schema, isNullable } = unfolded(given);
  if (path.length > 0) yield { path, value: null, isValid: isNullable };
  const { type, items, maxItems = 0, enum: values } = schema;
  if (values) yield { path, value: 'none', isValid: false };
  else if (type === 'string') yield* textVariants(schema, path);
  if (type === 'boolean') yield { path, value: 'true', isValid: false };
  if (type === 'integer' || type === 'number') {
    yield { path, value: '1', isValid: false };
    yield* numberVariants(schema, path);
  }
  if (type === 'array' && items) {
    const list = (length: number) => Array.from({ length }, () => sampleOf(items));
    const message = new RegExp(`must have at most ${maxItems} items`);
    yield { path, value: list(maxItems + 1), isValid: false, message };
    yield* variantsOf(items, [...path, 0]);
  }
  if (type === 'object') yield* objectVariants(schema, path);
}

/** Every variant of an object's fields. */
function* objectVariants(schema: Schema, path: Path): Generator<Variant> {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  if (propertyNames && typeof additionalProperties === 'object') {
    yield* namedVariants(schema, additionalProperties, path);
  }
  if (Object.keys(properties).length > 0)
    yield { path: [...path, 'soup'], value: 1, isValid: false };
  for (const [name, property] of Object.entries(properties)) {
    if (required.includes(name)) yield { path: [...path, name], value: undefined, isValid: false };
    yield* variantsOf(property, [...path, name]);
  }
}

/** Variants of an object whose names have a pattern, and whose values a schema. */
function* namedVariants(
  { propertyNames, maxProperties = 0 }: Schema,
  values: Schema,
  path: Path,
): Generator<Variant> {
  const name = new RegExp(propertyNames?.pattern ?? '', 'u');
  for (const key of [...ODD_TEXTS, 'x'.repeat(64), 'x'.repeat(65), 'Länd 1', 'ключ']) {
    yield { path: [...path, key], value: 'x', isValid: name.test(key) };
  }
  yield* variantsOf(values, [...path, 'key']);
  const fields = (n: number) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`f${i}`, 'x']));
  yield { path, value: fields(maxProperties), isValid: true };
  yield { path, value: fields(maxProperties + 1), isValid: false };
}

/** The value with another one at a path; what is missing on the way is a sample. */
function withValue(
  given: Schema,
  current: unknown,
  [step, ...rest]: Path,
  value: unknown,
): unknown {
  if (step === undefined) return value;
  const { schema } = unfolded(given);
  if (typeof step === 'number') {
    const [first] = Array.isArray(current) ? current : [];
    return [withValue(schema.items ?? {}, first, rest, value)];
  }
  const isObject = typeof current === 'object' && !Array.isArray(current);
  const object = (isObject ? current : sampleOf(schema)) as Record<string, unknown>;
  return {
    ...object,
    [step]: withValue(schema.properties?.[step] ?? {}, object[step], rest, value),
  };
}

const nameOf = (path: Path) => path.join('.');

/** Sends a variant. @returns what differs from the document, if anything */
async function differenceOf(operation: DocumentedOperation, schema: Schema, variant: Variant) {
  const { path, value, isValid, message } = variant;
  const body = withValue(schema, documented.exampleOf(operation), path, value);
  const answer = await documented.send(operation, { body });
  const isAccepted = answer.status < 300;
  const created = answer.headers.get('location');
  if (created) await documented.server.owner.request('DELETE', created);
  // Custom fields are merged, so that they would be too many.
  else if (isAccepted && path[0] === 'customFields') await documented.restore();
  const shown = `${operation.operationId} ${nameOf(path)} = ${JSON.stringify(value)?.slice(0, 60)}: ${answer.status} ${answer.body.message ?? ''}`;
  if (isAccepted !== isValid) return shown;
  return message && !message.test(String(answer.body.message)) ? shown : undefined;
}

it('accepts and rejects every value of a body as the document does', async () => {
  const differences: string[] = [];
  let sent = 0;
  for (const operation of documented.operations) {
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (!schema) continue;
    for (const variant of variantsOf(schema, [])) {
      const name = nameOf(variant.path);
      const isDependent = DEPENDENT[operation.operationId]?.test(name) || REFERENCES.test(name);
      if (variant.isValid && isDependent) continue;
      if (isOnMongodb && !isOfStore(variant)) continue;
      sent += 1;
      const difference = await differenceOf(operation, schema, variant);
      if (difference) differences.push(difference);
    }
    await documented.restore();
  }
  expect(sent).toBeGreaterThan(isOnMongodb ? 100 : 1_000);
  expect(differences).toEqual([]);
});

it('accepts and rejects every value of a query parameter as the document does', async () => {
  const differences: string[] = [];
  let sent = 0;
  for (const operation of documented.operations) {
    for (const { name, in: where, required, schema } of operation.parameters) {
      // A required one is an id.
      if (where !== 'query' || required) continue;
      for (const { value, isValid } of variantsOf(schema, [])) {
        // Query parameters are texts, and a token that was not issued is no token.
        const isText = typeof value !== 'number' && unfolded(schema).schema.type !== 'string';
        const isOfPlan = operation.parameters.some((it) => it.name === 'mode');
        const isDependent =
          ['pageToken', 'plan'].includes(name) ||
          (isOfPlan && ['playbookId', 'personId'].includes(name)) ||
          DEPENDENT[operation.operationId]?.test(name) === true;
        if (isText || (isValid && isDependent)) continue;
        sent += 1;
        const { status, body } = await documented.send(operation, {
          query: `${name}=${encodeURIComponent(String(value))}`,
        });
        const isAccepted = status < 300;
        const shown = `${operation.operationId} ${name}=${value}: ${status} ${body.message}`;
        if (isAccepted !== isValid) differences.push(shown.slice(0, 200));
      }
    }
  }
  expect(sent).toBeGreaterThan(50);
  expect(differences).toEqual([]);
});
