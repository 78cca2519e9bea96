import type { GraphQLResolveInfo } from 'graphql';
import type { AgentOwner } from '../src/agents/collection.ts';
import { refusal } from '../src/auth/principal.ts';
import type { ChangeDoc } from '../src/changes/collection.ts';
import type { Arrival } from '../src/live/streams.ts';
import type { LogDoc, MessageDoc } from '../src/traffic/collections.ts';
import type { Work } from '../src/work.ts';
import { agentRefArgs, orgArg } from './args.ts';
import { AuditActionType } from './audit-log.ts';
import { builder } from './builder.ts';
import { LogLevelType } from './catalog-manifests.ts';
import type { Context } from './context.ts';
import { originFields } from './origin.ts';
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

const AgentVersionArrival = builder.objectRef<Arrival<ChangeDoc>>('AgentVersionArrival').implement({
  description: 'A version of an agent that was written.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    agentId: t.id({ description: "The agent's id.", resolve: ({ doc }) => doc.id }),
    version: t.int({
      description: 'The version that the change led to.',
      resolve: ({ doc }) => Number(doc.ordinal),
    }),
    ...originFields(t, ({ doc }) => doc),
    action: t.field({
      type: AuditActionType,
      description: 'What the change did.',
      resolve: ({ doc }) => doc.action,
    }),
    sections: t.field({
      type: ['String'],
      description: 'The parts of the agent that were changed.',
      resolve: ({ doc: { sections = [] } }) => [...sections],
    }),
  }),
});

builder.subscriptionType({ description: 'The streams of the API, as server-sent events.' });

builder.subscriptionFields((t) => {
  const after = t.arg({
    ...TEXT.cursor,
    description: 'Resumes the stream after this cursor. If omitted, the stream starts now.',
  });
  const args = { ...agentRefArgs(t.arg), after };
  return {
    agentChanged: t.field({
      type: AgentVersionArrival,
      ...mayInOrg('viewer', 'agents:read'),
      description:
        'Streams the versions of an agent, or of all agents of an org, as they are written. The stream of an agent ends after its removal.',
      args: {
        org: orgArg(t.arg),
        agent: t.arg.id({ description: 'Only versions of the agent with this id.' }),
        after,
      },
      subscribe: async (_, { org, agent, after }, context, info) => {
        const { services, work } = context;
        const watching = {
          after,
          still: (work: Work) => assertMayStill(work, org, context, info),
        };
        if (agent == null) return services.liveChanges.ofOrg(work, org, watching);
        const found = await services.agents.get(work, { org, id: agent });
        return services.liveChanges.ofAgent(work, found, watching);
      },
      resolve: (arrival) => arrival,
    }),
    messageArrived: t.field({
      type: MessageArrival,
      ...mayInOrg('viewer', 'messages:read'),
      description: "Streams an agent's messages as they arrive.",
      args: {
        ...args,
        sessionId: t.arg.id({ description: 'Only messages of this conversation.' }),
        includeTest: t.arg.boolean({ description: 'Includes test traffic.' }),
      },
      subscribe: async (_, { org, agent, after, sessionId, includeTest }, context, info) => {
        const found = await context.services.agents.owner(context.work, { org, id: agent });
        const still = (work: Work) => assertStill(work, found, context, info);
        const stream = context.services.live.messages(context.work, found, { after, still });
        return only(
          stream,
          ({ doc }) =>
            (includeTest || !doc.test) && (sessionId == null || doc.sessionId === sessionId),
        );
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
  context: Context,
  info: GraphQLResolveInfo,
): Promise<void> {
  await assertMayStill(work, agent.org, context, info);
  await context.services.agents.assertExists(work, agent);
}

/** @throws DomainError as a new request would whose token has no right to the field by now */
async function assertMayStill(
  work: Work,
  org: string,
  { identify }: Context,
  { parentType, fieldName }: GraphQLResolveInfo,
): Promise<void> {
  const field = parentType.getFields()[fieldName];
  const right = field && rightOf(field);
  if (!right || right === 'inherited') throw new Error(`${fieldName} declares no right`);
  const refused = refusal(await identify(work), org, right);
  if (refused) throw refused;
}

async function* only<T>(stream: AsyncIterable<T>, keep: (item: T) => boolean) {
  for await (const item of stream) if (keep(item)) yield item;
}
