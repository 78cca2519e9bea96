import type { GraphQLSchema } from 'graphql';
import { definitionType } from '../../schema/input.ts';
import { SECTION_NAMES } from '../../src/domain/sections.ts';
import { Components, type JsonSchema } from './json-schema.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema of an agent as a document, for editors and validators. It derives from the input
 * type that the server reads a document by. It has no `$id`: each server has it at its own address.
 */
export function documentSchemaOf(schema: GraphQLSchema): JsonSchema {
  const components = new Components('#/$defs/');
  const type = definitionType(schema, 'document');
  components.input(type, {});
  const { [type.name]: root = {}, ...named } = components.schemas;
  const { agent, ...sections } = root.properties as Readonly<Record<string, JsonSchema>>;
  const ordered = SECTION_NAMES.map((section) => [section, sections[section]]);
  const defs = Object.entries(named).map(([name, it]) => [name, { title: titleOf(name), ...it }]);
  return {
    $schema: DIALECT,
    title: titleOf(type.name),
    ...root,
    properties: { agent, ...Object.fromEntries(ordered) },
    $defs: Object.fromEntries(defs),
  };
}

/** The name of an input type in words: `Agent identity` for `AgentIdentityInput`. */
function titleOf(name: string): string {
  const words = name.replace(/Input$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.charAt(0) + words.slice(1).toLowerCase();
}
