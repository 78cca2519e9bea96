import {
  type DocumentNode,
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { type Problem, pathText } from '../src/domain/errors.ts';
import { boundsProblem, isId, variableBounds } from './bounds.ts';
import { boundsOf, extensionsOfInput, type InputBounds } from './extensions.ts';
import { NOT_A_STRING } from './scalars.ts';

/**
 * The spelling of input values. `names` is GraphQL's: an enum value is its name, and an item
 * is also accepted as a list of one. `values` is REST's: an enum value is the reference's own
 * word, and a list is a list.
 */
export type Spelling = 'names' | 'values';

type Path = readonly (string | number)[];

/** A body of 1 MiB could have a hundred thousand problems. */
const MAX_PROBLEMS = 100;

/** What a value of GraphQL's own scalars must be. graphql's messages name these types. */
const STANDARD_SCALARS: Readonly<Record<string, string>> = {
  Boolean: 'must be true or false',
  Float: 'must be a number',
  Int: 'must be an integer of 32 bits',
  String: NOT_A_STRING,
};

/**
 * Reads one input and collects every problem, with its path.
 *
 * graphql's `coerceInputValue` cannot replace it: its problems are messages in GraphQL's words,
 * which name types ("Expected non-nullable type …") and would have to be parsed. It accepts
 * neither REST's enum values nor bare lists, so each value would first be translated by a
 * visitor of the same size as this reader.
 */
export class InputReader {
  readonly problems: Problem[] = [];
  readonly #spelling: Spelling;

  constructor(spelling: Spelling) {
    this.#spelling = spelling;
  }

  /**
   * Checks a value against an input type.
   *
   * @param bounds those of the place of the value
   * @returns the value in GraphQL's spelling; valid only if no problem was found
   */
  read(value: unknown, type: GraphQLInputType, path: Path, bounds: InputBounds = {}): unknown {
    // Nothing that is found from here on is reported.
    if (this.problems.length >= MAX_PROBLEMS) return value;
    if (isNonNullType(type)) {
      if (value !== null && value !== undefined) return this.read(value, type.ofType, path, bounds);
      return this.#refuse(path, value === null ? 'must not be null' : 'is required');
    }
    if (value === null || value === undefined) return value;
    const problem = boundsProblem(value, bounds);
    if (problem) return this.#refuse(path, problem);
    if (isListType(type)) return this.#list(value, type.ofType, path, bounds);
    if (isInputObjectType(type)) return this.#object(value, type, path);
    if (isEnumType(type)) return this.#enum(value, type, path);
    if (isId(type) && typeof value !== 'string') return this.#refuse(path, NOT_A_STRING);
    try {
      type.parseValue(value);
    } catch (error) {
      this.#refuse(path, STANDARD_SCALARS[type.name] ?? (error as Error).message);
    }
    return value;
  }

  #list(value: unknown, type: GraphQLInputType, path: Path, bounds: InputBounds): unknown {
    if (Array.isArray(value)) {
      return value.map((item, i) => this.read(item, type, [...path, i], bounds));
    }
    if (this.#spelling === 'names') return this.read(value, type, path, bounds);
    return this.#refuse(path, 'must be a list');
  }

  #object(value: unknown, type: GraphQLInputObjectType, path: Path): unknown {
    if (this.#spelling === 'values' && Array.isArray(value)) {
      const field = bareListField(type);
      if (field) return { [field.name]: this.read(value, field.type, path, boundsOf(field)) };
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.#refuse(path, 'must be an object');
    }
    const given = value as Record<string, unknown>;
    const fields = type.getFields();
    const answer: Record<string, unknown> = {};
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name)) this.#refuse([...path, name], 'is not a field here');
    }
    for (const [name, field] of Object.entries(fields)) {
      const item = Object.hasOwn(given, name) ? given[name] : undefined;
      if (item === undefined && !isRequiredInputField(field)) continue;
      answer[name] = this.read(item, field.type, [...path, name], boundsOf(field));
    }
    return answer;
  }

  #enum(value: unknown, type: GraphQLEnumType, path: Path): unknown {
    const values = type.getValues();
    const spelt = (it: (typeof values)[number]) =>
      this.#spelling === 'names' ? it.name : (it.value as string);
    const hit = values.find((it) => spelt(it) === value);
    if (hit) return hit.name;
    return this.#refuse(path, `must be one of ${values.map(spelt).join(', ')}`);
  }

  #refuse(path: Path, message: string): undefined {
    if (this.problems.length < MAX_PROBLEMS) {
      this.problems.push({ path: pathText(path), message });
    }
    return undefined;
  }
}

/** The input types of what callers send as text: a definition, and one that names its agent. */
export const DEFINITION_TYPES = {
  definition: 'AgentDefinitionInput',
  document: 'AgentDocumentInput',
} as const;
export type DefinitionKind = keyof typeof DEFINITION_TYPES;

export function definitionType(
  schema: GraphQLSchema,
  kind: DefinitionKind,
): GraphQLInputObjectType {
  const type = schema.getType(DEFINITION_TYPES[kind]);
  if (!isInputObjectType(type)) throw new Error(`the schema has no ${DEFINITION_TYPES[kind]}`);
  return type;
}

/** The field that REST fills from a bare list; undefined if the type accepts none. */
export function bareListField(type: GraphQLInputObjectType): GraphQLInputField | undefined {
  const name = extensionsOfInput(type).bareList;
  return name === undefined ? undefined : type.getFields()[name];
}

/**
 * The problems of the variables of an operation. The path of a problem starts inside the variable;
 * it is the variable's name if the problem is the whole value.
 */
export function variableProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const reader = new InputReader('names');
  const bounds = variableBounds(schema, document, operationName);
  for (const definition of definitionsOf(document, operationName)) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type) as GraphQLInputType | undefined;
    if (!type) continue;
    const { defaultValue } = definition;
    const isOmitted = variables[name] === undefined && defaultValue;
    const value = isOmitted ? valueFromASTUntyped(defaultValue) : variables[name];
    const before = reader.problems.length;
    reader.read(value, type, [], bounds?.of(name));
    for (let i = before; i < reader.problems.length; i += 1) {
      const problem = reader.problems[i];
      if (problem?.path === '') reader.problems[i] = { ...problem, path: name };
    }
  }
  return reader.problems;
}

function definitionsOf(
  document: DocumentNode,
  operationName: string | null | undefined,
): readonly VariableDefinitionNode[] {
  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    if (operationName == null || definition.name?.value === operationName) {
      return definition.variableDefinitions ?? [];
    }
  }
  return [];
}
