import type { ArgBuilder } from '@pothos/core';
import type { Types } from './builder.ts';

type Args = ArgBuilder<Types>;

/** `org`, `agent` and `expectedVersion`: the arguments of every change of an agent. */
export function agentArgs(arg: Args) {
  return {
    org: arg.id({ required: true, description: 'The org.' }),
    agent: arg.id({ required: true, description: 'The agent.' }),
    expectedVersion: arg.int({
      description: 'Refuse the change, and change nothing, when the agent is at another version.',
    }),
  };
}

/** When, and which page: the arguments of every connection of traffic. */
export function trafficArgs(arg: Args) {
  return {
    start: arg({
      type: 'Instant',
      description:
        'From when on, inclusive; 24 hours before the end, or before now, when left out.',
    }),
    end: arg({ type: 'Instant', description: 'Until when, exclusive; unbounded when left out.' }),
    first: arg.int({ description: 'How many items at most; 200 when left out, at most 1000.' }),
    after: arg.string({ description: 'Go on behind this position: an `endCursor` or a `cursor`.' }),
  };
}

/** `first` and `after`: which page of a connection. */
export function pageArgs(arg: Args) {
  return {
    first: arg.int({ description: 'How many items at most; 50 when left out, at most 200.' }),
    after: arg.string({ description: 'Go on behind this position: an `endCursor` or a `cursor`.' }),
  };
}

/** `personId`: who a preview is for. */
export function personIdArg(arg: Args) {
  return { personId: arg.id({ required: true, description: 'The person who it is for.' }) };
}
