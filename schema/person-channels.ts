import type { PersonChannel } from '../src/domain/channel-users.ts';
import { CHANNEL_PARTS } from '../src/people/channels.ts';
import { pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { PersonRef } from './people.ts';
import { mayOnDocument, mayOnOwned } from './rights.ts';
import { selectedDocument, selectedPage } from './selection.ts';
import { TEXT } from './texts.ts';
import { ConversationConnection, ConversationRef, UserRef } from './traffic.ts';

const PersonChannelRef = builder.objectRef<PersonChannel>('PersonChannel').implement({
  description: 'A channel on which a person is known.',
  fields: (t) => ({
    channel: t.exposeString('channel', { description: 'The channel, e.g. `sms`.' }),
    userId: t.exposeID('userId', { description: "The person's user id on the channel." }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time of the last message. Null if the runtime linked a user who has no messages yet.',
    }),
  }),
});

builder.objectFields(PersonRef, (t) => ({
  channels: t.field({
    type: [PersonChannelRef],
    reads: CHANNEL_PARTS,
    listLength: 14,
    description:
      "The channels on which the person is known, the last seen first: by the phone number, or because the runtime linked a user to the person. Read-only. A user's link wins over the phone number; of several people with one phone number, it is the first created.",
    resolve: async (person, _, { loaders }) => [...(await loaders.personChannels.load(person))],
  }),
  conversations: t.field({
    type: ConversationConnection,
    reads: ['org', ...CHANNEL_PARTS],
    ...mayOnDocument('viewer', 'messages:read'),
    description: 'The conversations with the person on all channels, newest first.',
    args: {
      ...pageArgs(t.arg),
      start: t.arg({ type: 'Instant', description: 'The start of the time range, inclusive.' }),
      end: t.arg({ type: 'Instant', description: 'The end of the time range, exclusive.' }),
      channel: t.arg({ ...TEXT.channel, description: 'Only conversations on this channel.' }),
      includeTest: t.arg.boolean({ description: 'Includes test traffic.' }),
    },
    resolve: async (person, query, { services, loaders, work }, info) => {
      const users = await loaders.usersOfPerson.load(person);
      return selectedPage(info, (parts) =>
        services.traffic.conversationsOfUsers(
          work,
          person.owner,
          users,
          query,
          parts,
          loaders.traffic,
        ),
      );
    },
  }),
}));

for (const ref of [ConversationRef, UserRef]) {
  builder.objectField(ref, 'person', (t) =>
    t.field({
      type: PersonRef,
      reads: ['owner', 'channel', 'userId'],
      ...mayOnOwned('viewer', 'people:read'),
      description:
        "The person who the user is: by the runtime's link, else by the phone number that is the user's id. Null if nobody is known to be this user.",
      resolve: ({ owner, channel, userId }, _, { loaders }, info) =>
        selectedDocument(info, (parts) =>
          loaders.personOfUser.load({ owner, channel, userId, parts }),
        ),
    }),
  );
}
