import type { ObjectFieldBuilder } from '@pothos/core';
import { ACTOR_KINDS, type Actor, DOORS, type Origin } from '../src/domain/origin.ts';
import { builder, type Types } from './builder.ts';
import { enumOf } from './enums.ts';

const ActorKindType = enumOf('ActorKind', 'The kind of an actor.', ACTOR_KINDS, {
  apiKey: 'An API key. The id is that of the key.',
  user: 'A user who signed in. The id is the `sub` of the session token.',
  operator: 'An operator of this service. The id is the name of the account on the machine.',
  system: 'The service itself. The id is the name of the task.',
});

/** The way by which a change was made. */
const DoorType = enumOf('Door', 'The way by which a change was made.', DOORS, {
  rest: 'REST.',
  graphql: 'GraphQL.',
  cli: 'The command line tool.',
  mcp: 'The Model Context Protocol.',
  system: 'The service itself.',
});

/** The author of a change. */
export const ActorRef = builder.objectRef<Actor>('Actor').implement({
  description: 'The author of a change.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ActorKindType, description: 'The kind of the actor.' }),
    id: t.exposeID('id', { description: 'The id. Its kind says what it identifies.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name at the time of the change.',
    }),
  }),
});

/** A change that is shown with its origin. */
type Attributed = Origin & { readonly at: string };

/** When, by whom, how and why a change was made. */
export function originFields<P>(
  t: ObjectFieldBuilder<Types, P>,
  changeOf: (parent: P) => Attributed,
) {
  return {
    at: t.field({
      type: 'DateTime',
      description: 'When the change was made.',
      resolve: (parent) => changeOf(parent).at,
    }),
    actor: t.field({
      type: ActorRef,
      description: 'The author of the change.',
      resolve: (parent) => changeOf(parent).actor,
    }),
    door: t.field({
      type: DoorType,
      description: 'The way by which it was made.',
      resolve: (parent) => changeOf(parent).door,
    }),
    requestId: t.string({
      nullable: true,
      description: 'The id of the request. Unset if no request made the change.',
      resolve: (parent) => changeOf(parent).requestId,
    }),
    message: t.string({
      nullable: true,
      description: "The author's reason, sent as `X-Change-Message`.",
      resolve: (parent) => changeOf(parent).message,
    }),
  };
}
