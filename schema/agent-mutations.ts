import type {
  InputFieldMap,
  InputShapeFromFields,
  MutationFieldBuilder,
  ObjectRef,
} from '@pothos/core';
import type { GraphQLSchema } from 'graphql';
import type { AgentKey } from '../src/agents/collection.ts';
import type { Scope } from '../src/auth/rights.ts';
import type { Catalog } from '../src/catalog/catalog.ts';
import type { Agent } from '../src/domain/agents.ts';
import type { ErrorCode } from '../src/domain/errors.ts';
import type { ItemChange } from '../src/domain/items.ts';
import type { Services } from '../src/services.ts';
import type { Work } from '../src/work.ts';
import { agentArgs } from './args.ts';
import type { Types } from './builder.ts';
import { AgentRef } from './refs.ts';
import { mayInOrg } from './rights.ts';

/*
 * The mutations of an agent. Each has the arguments `org`, `agent` and `expectedVersion`, requires
 * the role editor, and declares the rest: its scope, description, other arguments and change.
 */

type Mutations = MutationFieldBuilder<Types, Types['Root']>;

const CHANGE_FAILS = ['agent.not_found', 'version.mismatch'] as const;

interface Declared<Args extends InputFieldMap> {
  readonly scope: Scope;
  readonly description: string;
  /** The codes of the change, beside those of every change of an agent. */
  readonly fails?: readonly ErrorCode[];
  /** The arguments beside `org`, `agent` and `expectedVersion`; their values are `given`. */
  readonly args: Args;
}

interface Change<Args extends InputFieldMap, Result> extends Declared<Args> {
  /** Pure; may run more than once. */
  change(agent: Agent, given: InputShapeFromFields<Args>, catalog: Catalog): Result;
}

/** A mutation that changes the agent and returns it. */
export function agentMutation<Args extends InputFieldMap>(
  t: Mutations,
  { change, ...declared }: Change<Args, Agent>,
) {
  return serviceMutation(t, AgentRef, {
    ...declared,
    call: (target, given, { agents, catalog }) =>
      agents.change(...target, (agent) => change(agent, given, catalog)),
  });
}

/** A mutation that changes an item of the agent and returns both as a payload. */
export function itemMutation<Item, Args extends InputFieldMap>(
  t: Mutations,
  payload: ObjectRef<Types, ItemChange<Item>>,
  { change, ...declared }: Change<Args, ItemChange<Item>>,
) {
  return serviceMutation(t, payload, {
    ...declared,
    call: (target, given, { agents, catalog }) =>
      agents.changeItem(...target, (agent) => change(agent, given, catalog)),
  });
}

/** The first arguments of a service call that changes an agent. */
type Target = readonly [work: Work, ref: AgentKey, expectedVersion: number | null | undefined];

interface Call<Args extends InputFieldMap, Shape> extends Declared<Args> {
  call(
    target: Target,
    given: InputShapeFromFields<Args>,
    services: Services,
    schema: GraphQLSchema,
  ): Promise<Shape>;
}

/** A mutation of an agent by a service that does more than change the agent's document. */
export function serviceMutation<Shape extends object, Args extends InputFieldMap>(
  t: Mutations,
  type: ObjectRef<Types, Shape>,
  { scope, description, fails = [], args, call }: Call<Args, Shape>,
) {
  return t.field({
    type,
    ...mayInOrg('editor', scope),
    description,
    // A change without an input adds nothing to the agent.
    fails: [...CHANGE_FAILS, ...('input' in args ? (['agent.too_large'] as const) : []), ...fails],
    // Pothos computes no arguments from a type parameter: `given` gets its type below.
    args: { ...agentArgs(t.arg), ...(args as object) },
    resolve: (_, given, { services, work }, { schema }) => {
      const target: Target = [work, { org: given.org, id: given.agent }, given.expectedVersion];
      // Nor can it see that `Shape` is no list.
      return call(
        target,
        given as unknown as InputShapeFromFields<Args>,
        services,
        schema,
      ) as never;
    },
  });
}
