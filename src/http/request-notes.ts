import type { Principal } from '../auth/principal.ts';
import type { ErrorCode } from '../domain/errors.ts';

/** The operation that a request asks for, as its log line and its metrics name it. */
export interface OperationNote {
  /** From a bounded set: a REST route, or the root field of a GraphQL operation. */
  readonly label: string;
  /** The name that the client gave its GraphQL operation. */
  readonly name?: string | undefined;
  /** The SHA-256 of the GraphQL document, as a trusted document's id has it. */
  readonly document?: string | undefined;
  /** As the path has it: the caller may have no access to it. */
  readonly org?: string | undefined;
}

/** Gathers what is known of a request while it is answered. It holds no value that the caller sent. */
export class RequestNotes {
  /** On the clock of `performance.now()`. */
  readonly startedAt = performance.now();
  operation: OperationNote | undefined;
  /** Set once its token was accepted. */
  principal: Principal | undefined;
  /** Whether a kept answer was sent. */
  cached = false;
  /** How long the request kept the event loop at least, in milliseconds; unset where it is not measured. */
  cpuMs: number | undefined;
  /** Fields of a GraphQL operation: those that it may ask for, and those counted in lists. */
  fields: { readonly estimated: number; readonly counted: number } | undefined;
  /** Of the first error. */
  code: ErrorCode | undefined;

  /** Notes that a kept answer is sent. */
  hit(operation: OperationNote, principal: Principal): void {
    this.cached = true;
    this.operation = operation;
    this.principal = principal;
  }

  /** The org whose data is asked for; undefined where the caller has no access to it. */
  get org(): string | undefined {
    const memberships = this.principal?.memberships;
    if (!memberships) return undefined;
    const org = this.operation?.org;
    if (org !== undefined) return memberships.has(org) ? org : undefined;
    return memberships.size === 1 ? memberships.keys().next().value : undefined;
  }
}
