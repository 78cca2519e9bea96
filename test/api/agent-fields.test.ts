import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSchema } from '../../schema/index.ts';
import { DEMO_AGENT } from '../../src/demo/demo.ts';
import type { GraphQLAnswer } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** Every field of an agent has the same value in a list, which reads parts, as on its own. */
const agentType = buildSchema().getType('Agent') as GraphQLObjectType;

let server: TestServer;
let personId: string;
let sessionId: string;

beforeAll(async () => {
  server = await startTestServer({ DEMO_DATA: '1' });
  const agent = `/orgs/acme/agents/${DEMO_AGENT}`;
  const { body: channel } = await server.owner.post(`${agent}/channels`, {
    channel: 'rcs',
    mode: 'managed',
    inputs: {},
  });
  await server.owner.post(`${agent}/outreach-links`, { bindingId: channel.id });
  personId = await idFor('person');
  const { value } = await onItsOwn('conversations(start: "0", first: 1) { nodes { sessionId } }');
  const list = value?.conversations as { nodes: readonly Item[] } | undefined;
  sessionId = String(list?.nodes[0]?.sessionId);
});
afterAll(() => server.stop());

interface Read {
  readonly value: Readonly<Record<string, unknown>> | undefined;
  readonly errors: GraphQLAnswer['errors'];
}

async function onItsOwn(selection: string): Promise<Read> {
  const { data, errors } = await server.owner.graphql(
    `{ org(id: "acme") { agent(id: "${DEMO_AGENT}") { ${selection} } } }`,
  );
  const org = data?.org as { agent: Read['value'] } | undefined;
  return { value: org?.agent, errors };
}

async function inAList(selection: string): Promise<Read> {
  const { data, errors } = await server.owner.graphql(
    `{ org(id: "acme") { agents(first: 1) { nodes { ${selection} } } } }`,
  );
  const org = data?.org as { agents: { nodes: Read['value'][] } } | undefined;
  return { value: org?.agents.nodes[0], errors };
}

/** The id of an item of the list that has the same type as the field. */
async function idFor(field: string): Promise<string> {
  const { [field === 'toolOAuth' ? 'toolBinding' : field]: one, ...others } = agentType.getFields();
  const type = one && getNamedType(one.type);
  const list = Object.values(others).find((it) => type && itemTypeOf(it) === type);
  if (!list || !isObjectType(type)) throw new Error(`no list of the agent has Agent.${field}`);
  const key = 'id' in type.getFields() ? 'id' : 'toolId';
  const items = isConnection(list) ? `nodes { ${key} }` : key;
  const { value } = await onItsOwn(`${list.name} { ${items} }`);
  const found = value?.[list.name] as Item[] | { nodes: Item[] } | undefined;
  const [item] = Array.isArray(found) ? found : (found?.nodes ?? []);
  if (!item) throw new Error(nothingFor(list.name));
  return String(item[key]);
}
type Item = Readonly<Record<string, unknown>>;

const isConnection = (field: AnyField) => getNamedType(field.type).name.endsWith('Connection');

function itemTypeOf(field: AnyField): GraphQLNamedType | undefined {
  const type = getNamedType(field.type);
  if (isConnection(field) && isObjectType(type)) {
    const nodes = type.getFields().nodes;
    return nodes && getNamedType(nodes.type);
  }
  return isListType(getNullableType(field.type)) ? type : undefined;
}

const nothingFor = (field: string) =>
  `the demo agent has nothing for Agent.${field}: add it in src/demo/ or in beforeAll`;

/** Short pages, of any time, so that the query costs little and finds the demo's traffic. */
const ARGUMENTS: Readonly<Record<string, () => unknown>> = {
  first: () => 2,
  start: () => '0',
  personId: () => personId,
  version: () => 1,
  from: () => 1,
};

/**
 * The field with each field of its type, one at a time: all of them at once cost too much. Each
 * has everything below it, without the way back to a type that it came from.
 */
function selectionsOf(field: AnyField, id: string | undefined): string[] {
  const inner = fieldsBelow(field, [agentType]);
  if (!inner) return [called(field, id)];
  const path = [agentType, getNamedType(field.type)];
  return inner.map((one) => `${called(field, id)} { ${whole(one, path)} }`);
}
type AnyField = GraphQLField<unknown, unknown>;

function whole(field: AnyField, path: readonly GraphQLNamedType[]): string {
  const inner = fieldsBelow(field, path);
  if (!inner) return called(field);
  const next = [...path, getNamedType(field.type)];
  return `${called(field)} { ${inner.map((one) => whole(one, next)).join(' ')} }`;
}

function fieldsBelow(field: AnyField, path: readonly GraphQLNamedType[]): AnyField[] | undefined {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return undefined;
  return Object.values(type.getFields()).filter((it) => {
    const target = getNamedType(it.type);
    // Tokens differ from one answer to the next.
    if (['pageInfo', 'edges', 'plan'].includes(it.name) || path.includes(target)) return false;
    // Nor is there anything to select of a page of a type that it came from.
    const item = itemTypeOf(it);
    if (item && path.includes(item)) return false;
    // A tool is the catalog's, and a version has a whole definition: of lists in lists, too much.
    return path.length === 1 || !['Tool', 'AgentVersion'].includes(target.name);
  });
}

/** The arguments of fields that have some of their own. */
const OWN_ARGUMENTS: Readonly<Record<string, typeof ARGUMENTS>> = {
  conversation: { sessionId: () => sessionId },
  messagePreview: { personId: () => personId, body: () => 'Hi {person.firstName}' },
  planImport: { document: () => 'products: [p]' },
  planTemplate: { templateId: () => '@anychat/agent-template.sales-development' },
  planUpdate: { kind: () => 'SKILL', id: () => 'call-booking' },
};

function called(field: AnyField, id?: string): string {
  const given = OWN_ARGUMENTS[field.name] ?? ARGUMENTS;
  const args = field.args.flatMap(({ name, type }) => {
    const value = (name === 'id' ? id : undefined) ?? given[name]?.();
    const isEnum = isEnumType(getNamedType(type));
    return value === undefined ? [] : [`${name}: ${isEnum ? value : JSON.stringify(value)}`];
  });
  return args.length > 0 ? `${field.name}(${args.join(', ')})` : field.name;
}

it.each(Object.values(agentType.getFields()).map((field) => [field.name, field] as const))(
  '%s',
  async (name, field) => {
    const needsId = field.args.some(({ name, type }) => name === 'id' && isNonNullType(type));
    const id = needsId ? await idFor(name) : undefined;
    for (const selection of selectionsOf(field, id)) {
      const one = await onItsOwn(selection);
      expect(one.errors, selection).toBeUndefined();
      expect(one.value?.[name] ?? [], nothingFor(name)).not.toEqual([]);
      const listed = await inAList(selection);
      expect(listed.errors, selection).toBeUndefined();
      expect(listed.value, selection).toEqual(one.value);
    }
  },
);
