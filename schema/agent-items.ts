import type { ObjectRef } from '@pothos/core';
import type { Catalog } from '../src/catalog/catalog.ts';
import type { Agent } from '../src/domain/agents.ts';
import type { ErrorCode } from '../src/domain/errors.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { idArg } from './args.ts';
import { builder, type Types } from './builder.ts';
import { AgentRef } from './refs.ts';
import { inherited } from './rights.ts';

/** A list in an agent's document, and its items. */
interface AgentItems<Shape> {
  /** The field of the list: `objectives`. */
  readonly list: string;
  /** The field of one item: `objective`. */
  readonly item: string;
  readonly type: ObjectRef<Types, Shape>;
  /** For descriptions: `objective`. */
  readonly noun: string;
  /** The description of the list. */
  readonly description: string;
  /** The description of an item's id. */
  readonly id: string;
  readonly notFound: ErrorCode;
  readonly reads: readonly (keyof Agent & string)[];
  all(agent: Agent, catalog: Catalog): readonly Shape[];
  /** @throws DomainError `notFound` */
  one(agent: Agent, id: string, catalog: Catalog): Shape;
}

/** Adds the field of a list, and the field of one item, to the agent. */
export function addAgentItems<Shape extends object>(items: AgentItems<Shape>): void {
  const { list, item, type, noun, description, id, notFound, reads } = items;
  builder.objectFields(AgentRef, (t) => ({
    [list]: t.field({
      type: [type],
      reads,
      description,
      resolve: (agent, _, { services }) => items.all(agent, services.catalog),
    }),
    [item]: t.field({
      type,
      nullable: true,
      fails: [notFound],
      reads,
      description: `One ${noun} of the agent. Null, with an error \`${notFound}\`, if it does not exist.`,
      args: { id: idArg(t.arg, id) },
      // Pothos cannot see that a type parameter is no list.
      resolve: (agent, given, { services }) =>
        items.one(agent, given.id, services.catalog) as never,
    }),
  }));
}

/**
 * Creates the payload of the mutations of one kind of item: the item, and its agent.
 *
 * @param field the payload's field of the item: `objective`
 * @param shape the item as the type of the field resolves it
 */
export function itemPayload<Item, Shape extends object>(
  name: string,
  field: string,
  type: ObjectRef<Types, Shape>,
  noun: string,
  shape: (change: ItemChange<Item>) => Shape,
) {
  return builder.objectRef<ItemChange<Item>>(name).implement({
    description: `A changed ${noun} and its agent.`,
    fields: (t) => ({
      [field]: t.field({
        type,
        description: `The ${noun}.`,
        // Pothos cannot see that a type parameter is no list.
        resolve: (change) => shape(change) as never,
      }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
    }),
  });
}
