import type { GraphQLResolveInfo } from 'graphql';
import type { AgentOwner } from '../src/agents/collection.ts';
import { refusal } from '../src/auth/principal.ts';
import type { LogDoc, MessageDoc } from '../src/traffic/collections.ts';
import type { Arrival } from '../src/traffic/live.ts';
import type { Work } from '../src/work.ts';
import { agentRefArgs } from './args.ts';
import { builder } from './builder.ts';
import { LogLevelType } from './catalog-manifests.ts';
import type { Context } from './context.ts';
import { inherited, mayInOrg, rightOf } from './rights.ts';
import { TEXT } from './texts.ts';
import { LogRef, MessageRef } from './traffic.ts';

const CURSOR = 'The position in the stream. Sent as `after`, it resumes an interrupted stream.';

const MessageArrival = builder.objectRef<Arrival<MessageDoc>>('AgentMessageArrival').implement({
  description: 'A message that arrived.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    message: t.field({
      type: MessageRef,
      ...inherited,
      description: 'The message.',
      resolve: ({ doc }) => doc,
    }),
  }),
});

const LogArrival = builder.objectRef<Arrival<LogDoc>>('AgentLogArrival').implement({
  description: 'A log entry that arrived.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    entry: t.field({
      type: LogRef,
      ...inherited,
      description: 'The log entry.',
      resolve: ({ doc }) => doc,
    }),
  }),
});

builder.subscriptionType({ description: 'The streams of the API, as server-sent events.' });

builder.subscriptionFields((t) => {
  const args = {
    ...agentRefArgs(t.arg),
    after: t.arg({
      ...TEXT.cursor,
      description: 'Resumes the stream after this cursor. If omitted, the stream starts now.',
    }),
  };
  return {
    messageArrived: t.field({
      type: MessageArrival,
      ...mayInOrg('viewer', 'messages:read'),
      description: "Streams an agent's messages as they arrive.",
      args: { ...args, includeTest: t.arg.boolean({ description: 'Includes test traffic.' }) },
      subscribe: async (_, { org, agent, after, includeTest }, context, info) => {
        const found = await context.services.agents.owner(context.work, { org, id: agent });
        const still = (work: Work) => assertStill(work, found, context, info);
        const stream = context.services.live.messages(context.work, found, { after, still });
        return includeTest ? stream : only(stream, ({ doc }) => !doc.test);
      },
      resolve: (arrival) => arrival,
    }),
    logArrived: t.field({
      type: LogArrival,
      ...mayInOrg('viewer', 'messages:read'),
      description: "Streams the log entries of an agent's runtime as they arrive.",
      args: {
        ...args,
        level: t.arg({ type: LogLevelType, description: 'Only entries of this level.' }),
      },
      subscribe: async (_, { org, agent, after, level }, context, info) => {
        const found = await context.services.agents.owner(context.work, { org, id: agent });
        const still = (work: Work) => assertStill(work, found, context, info);
        const stream = context.services.live.logs(context.work, found, { after, still });
        return level ? only(stream, ({ doc }) => doc.level === level) : stream;
      },
      resolve: (arrival) => arrival,
    }),
  };
});

/**
 * A stream outlives its request. It ends when its token expires, when the token loses its rights,
 * and when the agent is removed.
 *
 * @throws DomainError as a new request would
 */
async function assertStill(
  work: Work,
  agent: AgentOwner,
  { identify, services }: Context,
  { parentType, fieldName }: GraphQLResolveInfo,
): Promise<void> {
  const field = parentType.getFields()[fieldName];
  const right = field && rightOf(field);
  if (!right || right === 'inherited') throw new Error(`${fieldName} declares no right`);
  const refused = refusal(await identify(work), agent.org, right);
  if (refused) throw refused;
  await services.agents.assertExists(work, agent);
}

async function* only<T>(stream: AsyncIterable<T>, keep: (item: T) => boolean) {
  for await (const item of stream) if (keep(item)) yield item;
}
