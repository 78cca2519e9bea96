import type { ArgBuilder } from '@pothos/core';
import type { GraphQLArgument } from 'graphql';
import { PAGE_LIMITS, type PageLimits } from '../src/paging/pager.ts';
import { TRAFFIC_LIMITS } from '../src/traffic/service.ts';
import type { Types } from './builder.ts';
import { extensionsOfArgument } from './extensions.ts';

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

/** `first`, with the limits of the pages: a query's cost and the description of REST go by them. */
function firstArg(arg: Args, limits: PageLimits) {
  return arg.int({
    description: `How many items at most; ${limits.default} when left out, at most ${limits.max}.`,
    limits,
  });
}

/** The limits of the pages that an argument sets the length of; undefined for any other argument. */
export function pageLimitsOf(argument: GraphQLArgument | undefined): PageLimits | undefined {
  return argument && extensionsOfArgument(argument).limits;
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
    first: firstArg(arg, TRAFFIC_LIMITS),
    after: arg.string({ description: 'Go on behind this position: an `endCursor` or a `cursor`.' }),
  };
}

/** `first` and `after`: which page of a connection. */
export function pageArgs(arg: Args) {
  return {
    first: firstArg(arg, PAGE_LIMITS),
    after: arg.string({ description: 'Go on behind this position: an `endCursor` or a `cursor`.' }),
  };
}

/** `personId`: who a preview is for. */
export function personIdArg(arg: Args) {
  return { personId: arg.id({ required: true, description: 'The person who it is for.' }) };
}
