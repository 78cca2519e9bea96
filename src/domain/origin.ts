/** Where a change comes from (extensions, "Who made a change"). */
export interface Origin {
  readonly actor: Actor;
  readonly door: Door;
  /** Unset for work that no request caused. */
  readonly requestId?: string;
  /** The request's valid `traceparent` (W3C Trace Context). */
  readonly traceparent?: string;
  /** What the author says about the change. */
  readonly message?: string;
  /** Of a restore: the version that the restored parts come from. */
  readonly restoredFrom?: number;
  /** The id of the plan that is carried out. */
  readonly plan?: string;
  /** Names the use of an idempotency key; set for a request that has one. */
  readonly idempotencyUse?: string;
}

export const ACTOR_KINDS = ['apiKey', 'user', 'operator', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
  readonly name?: string;
}

/** The way in: REST, GraphQL, the command line, the Model Context Protocol, or the service itself. */
export const DOORS = ['rest', 'graphql', 'cli', 'mcp', 'system'] as const;
export type Door = (typeof DOORS)[number];
