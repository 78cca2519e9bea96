import type { LogDoc, MessageDoc } from '../src/traffic/collections.ts';
import type { Arrival } from '../src/traffic/live.ts';
import { builder } from './builder.ts';
import { LogLevel } from './catalog-manifests.ts';
import { inherited, mayInOrg } from './rights.ts';
import { LogRef, MessageRef } from './traffic.ts';

const CURSOR = 'Give it as `after` to go on behind this one after a break.';

const MessageArrival = builder.objectRef<Arrival<MessageDoc>>('AgentMessageArrival').implement({
  description: 'A message that has just arrived.',
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
  description: 'A log entry that has just arrived.',
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

builder.subscriptionType({ description: 'What may be watched, as server-sent events.' });

builder.subscriptionFields((t) => {
  const args = {
    org: t.arg.id({ required: true, description: 'The org.' }),
    agent: t.arg.id({ required: true, description: 'The agent.' }),
    after: t.arg.string({
      description: 'Go on behind this cursor; from now on when left out.',
    }),
  };
  return {
    messageArrived: t.field({
      type: MessageArrival,
      ...mayInOrg('viewer', 'messages:read'),
      description: "An agent's messages, as they arrive.",
      args: { ...args, includeTest: t.arg.boolean({ description: 'Also test traffic.' }) },
      subscribe: async (_, { org, agent, after, includeTest }, { services }) => {
        const found = await services.agents.get({ org, id: agent });
        const stream = services.live.messages(found, after);
        return includeTest ? stream : only(stream, ({ doc }) => !doc.test);
      },
      resolve: (arrival) => arrival,
    }),
    logArrived: t.field({
      type: LogArrival,
      ...mayInOrg('viewer', 'messages:read'),
      description: "The log entries of an agent's runtime, as they arrive.",
      args: { ...args, level: t.arg({ type: LogLevel, description: 'Only those of this level.' }) },
      subscribe: async (_, { org, agent, after, level }, { services }) => {
        const found = await services.agents.get({ org, id: agent });
        const stream = services.live.logs(found, after);
        return level ? only(stream, ({ doc }) => doc.level === level) : stream;
      },
      resolve: (arrival) => arrival,
    }),
  };
});

async function* only<T>(stream: AsyncIterable<T>, keep: (item: T) => boolean) {
  for await (const item of stream) if (keep(item)) yield item;
}
