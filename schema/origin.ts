import { ACTOR_KINDS, type Actor, DOORS } from '../src/domain/origin.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';

const ActorKindType = enumOf('ActorKind', 'The kind of an actor.', ACTOR_KINDS, {
  apiKey: 'An API key. The id is that of the key.',
  user: 'A user who signed in. The id is the `sub` of the session token.',
  operator: 'An operator of this service. The id is the name of the account on the machine.',
  system: 'The service itself. The id is the name of the task.',
});

/** The way by which a change was made. */
export const DoorType = enumOf('Door', 'The way by which a change was made.', DOORS, {
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
