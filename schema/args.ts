import type { ArgBuilder, InputRef } from '@pothos/core';
import type { GraphQLArgument } from 'graphql';
import { PAGE_LIMITS, type PageLimits } from '../src/paging/pager.ts';
import { TRAFFIC_LIMITS } from '../src/traffic/service.ts';
import type { Types } from './builder.ts';
import { extensionsOfArgument } from './extensions.ts';
import { TEXT } from './texts.ts';

type Args = ArgBuilder<Types>;

export function orgArg(arg: Args) {
  return arg.id({ required: true, description: "The org's id." });
}

/** `plan`: carries a change out as it was planned. */
export function planArg(arg: Args) {
  return {
    plan: arg({
      ...TEXT.plan,
      description:
        'The `plan` of a plan of this change, made with the same arguments. The change is made exactly as it was shown, or rejected.',
    }),
  };
}

/** `org` and `agent`: the arguments that name an agent. */
export function agentRefArgs(arg: Args) {
  return {
    org: orgArg(arg),
    agent: arg.id({ required: true, description: "The agent's id." }),
  };
}

/** `org`, `agent` and `expectedVersion`: the arguments of every change of an agent. */
export function agentArgs(arg: Args) {
  return { ...agentRefArgs(arg), expectedVersion: expectedVersionArg(arg, 'agent') };
}

/** @param noun the resource whose version is compared */
export function expectedVersionArg(arg: Args, noun: string) {
  return arg.int({
    description: `Rejects the change with \`version.mismatch\` if the ${noun} is at another version.`,
  });
}

export function idArg(arg: Args, description: string) {
  return arg.id({ required: true, description });
}

/** The `input` of a mutation. */
export function inputArg<Input>(arg: Args, type: InputRef<Input>, description: string) {
  return arg({ type, required: true, description });
}

/** `first`: the cost of a query and the limits in the OpenAPI document derive from `limits`. */
export function firstArg(arg: Args, limits: PageLimits) {
  return arg.int({
    description: `The number of items on the page: at most ${limits.max}, and ${limits.default} if omitted.`,
    limits,
  });
}

function afterArg(arg: Args) {
  return arg({
    ...TEXT.cursor,
    description: 'Starts the page after this position, an `endCursor` or a `cursor`.',
  });
}

/** The limits of the page whose length an argument sets; undefined for any other argument. */
export function pageLimitsOf(argument: GraphQLArgument | undefined): PageLimits | undefined {
  return argument && extensionsOfArgument(argument).limits;
}

/** `start`, `end`, `first` and `after`: the arguments of every connection of traffic. */
export function trafficArgs(arg: Args) {
  return {
    start: arg({
      type: 'Instant',
      description:
        'The start of the time range, inclusive. If omitted: 24 hours before `end`, or before now.',
    }),
    end: arg({
      type: 'Instant',
      description: 'The end of the time range, exclusive. If omitted, the range has no end.',
    }),
    first: firstArg(arg, TRAFFIC_LIMITS),
    after: afterArg(arg),
  };
}

/** `first` and `after`: the page of a connection. */
export function pageArgs(arg: Args) {
  return { first: firstArg(arg, PAGE_LIMITS), after: afterArg(arg) };
}

/** `personId`: the recipient of a preview. */
export function personIdArg(arg: Args) {
  return { personId: idArg(arg, 'The person to render the message for.') };
}
