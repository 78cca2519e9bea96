import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { assertBounded } from '../../schema/bounds.ts';
import { boundsOf } from '../../schema/extensions.ts';
import { buildSchema } from '../../schema/index.ts';
import { variableProblems } from '../../schema/input.ts';
import { literalRefusal, VALIDATION_RULES } from '../../schema/literals.ts';
import { DomainError, type Problem } from '../../src/domain/errors.ts';
import { sampleOf } from '../kit/samples.ts';

const schema = buildSchema();

/** An argument or an input field, and an operation that gives it a value. */
interface Place {
  readonly name: string;
  readonly input: GraphQLArgument | GraphQLInputField;
  /** Where the value is within the argument. */
  readonly steps: readonly string[];
  /** The argument of a field that the value is sent with. */
  readonly argument: GraphQLArgument;
  /** The operation, given the text of the argument's value and the variables' declarations. */
  operation(value: string, declarations?: string): string;
}

type AnyField = GraphQLField<unknown, unknown>;

/** Every place where a caller can send a value. */
function places(): Place[] {
  const found = new Map<string, Place>();
  for (const { type, field, around } of reachableFields()) {
    for (const argument of field.args) {
      const operation = (value: string, declarations = '') =>
        around(callOf(field, argument, value)).replace('$DECLARATIONS', declarations);
      const visit = (input: Place['input'], name: string, steps: readonly string[]) => {
        if (found.has(name)) return;
        found.set(name, { name, input, steps, argument, operation });
        const inner = getNamedType(input.type);
        // A field within a list of objects is reached through its own variable.
        if (!isInputObjectType(inner)) return;
        for (const one of Object.values(inner.getFields())) {
          visit(one, `${inner.name}.${one.name}`, [...steps, one.name]);
        }
      };
      visit(argument, `${type.name}.${field.name}(${argument.name})`, []);
    }
  }
  return [...found.values()];
}

/** Every field of the schema, with the operation around a selection of it. */
function reachableFields() {
  const reached = new Map<string, (selection: string) => string>();
  const queue: [GraphQLObjectType, (selection: string) => string][] = [];
  const reach = (type: GraphQLObjectType, around: (selection: string) => string) => {
    if (reached.has(type.name)) return;
    reached.set(type.name, around);
    queue.push([type, around]);
  };
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  for (const [kind, type] of Object.entries(roots)) {
    if (type) reach(type, (selection) => `${kind} $DECLARATIONS { ${selection} }`);
  }
  const fields: {
    type: GraphQLObjectType;
    field: AnyField;
    around: (selection: string) => string;
  }[] = [];
  for (const [type, around] of queue) {
    for (const field of Object.values(type.getFields())) {
      fields.push({ type, field, around });
      const target = getNamedType(field.type);
      if (isObjectType(target)) {
        reach(target, (selection) => around(callOf(field, undefined, '', `{ ${selection} }`)));
      }
    }
  }
  return fields;
}

/** A selection of a field: one argument as given, samples for the other required ones. */
function callOf(
  field: AnyField,
  given: GraphQLArgument | undefined,
  value: string,
  selection?: string,
): string {
  const args = field.args.flatMap((arg) => {
    if (arg === given) return [`${arg.name}: ${value}`];
    const isRequired = getNullableType(arg.type) !== arg.type && arg.defaultValue === undefined;
    return isRequired ? [`${arg.name}: ${literalOf(sampleOf(arg.type))}`] : [];
  });
  const inner = selection ?? (isObjectType(getNamedType(field.type)) ? '{ __typename }' : '');
  return `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''} ${inner}`;
}

/** A value of a sample that GraphQL must not print as a string. */
class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value as a literal. Samples of enum values are the only texts in capitals. */
function literalOf(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (typeof value === 'string') return /^[A-Z_]{2,}$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([name, one]) => `${name}: ${literalOf(one)}`)
    .join(', ')}}`;
}

/** The argument's value with another value at these steps. */
function withValue(
  type: GraphQLInputType,
  [step, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (step === undefined) return value;
  const bare = getNullableType(type);
  if (isListType(bare)) return [withValue(bare.ofType, [step, ...rest], value)];
  if (!isInputObjectType(bare)) throw new Error(`${bare} has no field ${step}`);
  const field = bare.getFields()[step];
  if (!field) throw new Error(`${bare.name} has no field ${step}`);
  return { ...(sampleOf(bare) as object), [step]: withValue(field.type, rest, value) };
}

/** Every problem of an operation, as a caller sees it. */
function problemsOf(
  text: string,
  variables: Readonly<Record<string, unknown>> = {},
): readonly Problem[] {
  const document: DocumentNode = parse(text);
  const errors = validate(schema, document, VALIDATION_RULES);
  if (errors.length === 0) return variableProblems(schema, document, undefined, variables);
  return errors.flatMap((error) => {
    const { originalError } = literalRefusal(document, error);
    if (!(originalError instanceof DomainError)) throw error;
    return originalError.problems;
  });
}

/** Values within and beyond a bound, and the problem of the latter. */
interface Bounded {
  readonly place: Place;
  readonly within: unknown;
  readonly beyond: unknown;
  readonly message: string;
}

function inList(type: GraphQLInputType, value: unknown): unknown {
  const bare = getNullableType(type);
  return isListType(bare) ? [inList(bare.ofType, value)] : value;
}

function listOf(type: GraphQLInputType, length: number): unknown {
  const bare = getNullableType(type);
  if (!isListType(bare)) throw new Error(`${bare} is no list`);
  return Array.from({ length }, () => sampleOf(bare.ofType));
}

const all = places();
const bounded: Bounded[] = all.flatMap((place) => {
  const { type } = place.input;
  const { maxLength, maxItems } = boundsOf(place.input);
  const text = (length: number) => inList(type, 'x'.repeat(length));
  return [
    ...(maxLength === undefined
      ? []
      : [
          {
            place,
            within: text(maxLength),
            beyond: text(maxLength + 1),
            message: `must have at most ${maxLength} characters`,
          },
        ]),
    ...(maxItems === undefined
      ? []
      : [
          {
            place,
            within: listOf(type, maxItems),
            beyond: listOf(type, maxItems + 1),
            message: `must have at most ${maxItems} items`,
          },
        ]),
  ];
});

describe('every bound of an input', () => {
  it('is tested below: of texts, ids and lists, in arguments and in input fields', () => {
    expect(bounded.length).toBeGreaterThan(250);
    // Those of a definition or document are in a text: test/api/definitions.test.ts.
    const inText = [
      'AgentDefinitionInput',
      'AgentDocumentInput',
      'DocumentAgentInput',
      'ToolBindingDefinitionInput',
    ];
    const inputs = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .filter(({ name }) => !inText.includes(name));
    const fields = inputs.flatMap((type) =>
      Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
    );
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(fields));
  });

  it('holds in a variable', () => {
    for (const { place, within, beyond, message } of bounded) {
      const { argument, steps, operation, name } = place;
      const text = operation('$value', `($value: ${argument.type})`);
      const send = (value: unknown) =>
        problemsOf(text, { value: withValue(argument.type, steps, value) });
      expect([name, send(within)]).toEqual([name, []]);
      expect([name, send(beyond).map((it) => it.message)]).toEqual([name, [message]]);
    }
  });

  it('holds in a variable within a value of the document', () => {
    for (const { place, within, beyond, message } of bounded) {
      const { argument, steps, operation, name, input } = place;
      const value = literalOf(withValue(argument.type, steps, new Raw('$inner')));
      const text = operation(value, `($inner: ${getNullableType(input.type)}!)`);
      expect([name, problemsOf(text, { inner: within })]).toEqual([name, []]);
      const problems = problemsOf(text, { inner: beyond });
      expect([name, problems.map((it) => it.message)]).toEqual([name, [message]]);
    }
  });

  it('holds in a value of the document, and in the default of a variable', () => {
    for (const { place, within, beyond, message } of bounded) {
      const { argument, steps, operation, name } = place;
      const literal = (value: unknown) => literalOf(withValue(argument.type, steps, value));
      const byDefault = (value: unknown) =>
        operation('$value', `($value: ${getNullableType(argument.type)}! = ${literal(value)})`);
      expect([name, problemsOf(operation(literal(within)))]).toEqual([name, []]);
      expect([name, problemsOf(byDefault(within))]).toEqual([name, []]);
      for (const text of [operation(literal(beyond)), byDefault(beyond)]) {
        expect([name, problemsOf(text).map((it) => it.message)]).toEqual([name, [message]]);
      }
    }
  });
});

describe('a bound', () => {
  const people =
    'query ($q: String) { org(id: "a") { agent(id: "a") { people(q: $q) { nodes { id } } } } }';

  it('counts characters, not units of UTF-16', () => {
    expect(problemsOf(people, { q: '𝄞'.repeat(200) })).toEqual([]);
    expect(problemsOf(people, { q: '𝄞'.repeat(201) })).toEqual([
      { path: 'q', message: 'must have at most 200 characters' },
    ]);
  });

  it('of a variable is the strictest of the places where it is used', () => {
    const both = people.replace('people(', 'logs(event: $q) { nodes { event } } people(');
    expect(problemsOf(both, { q: 'x'.repeat(201) })).toHaveLength(1);
  });

  it('of a variable depends on the operation that is executed', () => {
    const logs = people
      .replace('query', 'query Logs')
      .replace('people(q: $q) { nodes { id } }', 'logs(event: $q) { nodes { event } }');
    const document = parse(`${people.replace('query', 'query People')} ${logs}`);
    const problems = (name: string) =>
      variableProblems(schema, document, name, { q: 'x'.repeat(500) });
    expect(problems('Logs')).toEqual([]);
    expect(problems('People')).toHaveLength(1);
  });

  it('of a variable holds where a fragment uses it', () => {
    const spread = `query ($q: String) { org(id: "a") { agent(id: "a") { ...F } } }
      fragment F on Agent { people(q: $q) { nodes { id } } }`;
    expect(problemsOf(spread, { q: 'x'.repeat(201) })).toHaveLength(1);
  });

  it('holds for a text within free-form JSON, whole or in a variable', () => {
    const mutation = (config: string, declarations = '') =>
      `mutation ${declarations} { replaceToolBinding(org: "a", agent: "a", id: "t", input: { config: ${config} }) { agent { id } } }`;
    const message = /20000 characters/;
    const long = 'x'.repeat(20_001);
    const [literal] = problemsOf(mutation(`{ a: "${long}" }`));
    expect(literal).toMatchObject({
      path: 'input.config',
      message: expect.stringMatching(message),
    });
    const [variable] = problemsOf(mutation('$config', '($config: JSONObject!)'), {
      config: { a: [long] },
    });
    expect(variable?.message).toMatch(message);
    const [inner] = problemsOf(mutation('{ a: $text }', '($text: String)'), { text: long });
    expect(inner?.message).toMatch(message);
  });
});

it('does not build an input without the bounds that its type requires', () => {
  const unbounded = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        find: {
          type: GraphQLString,
          args: {
            text: { type: GraphQLString },
            bounded: { type: GraphQLString, extensions: { bounds: { maxLength: 1 } } },
            filter: {
              type: new GraphQLInputObjectType({
                name: 'Filter',
                fields: { names: { type: schema.getType('NonBlank') as typeof GraphQLString } },
              }),
            },
          },
        },
      },
    }),
  });
  expect(() => assertBounded(unbounded)).toThrow(
    'declare the bounds of these inputs (schema/extensions.ts): Query.find(text): maxLength, Filter.names: maxLength',
  );
});
