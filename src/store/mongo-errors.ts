import { setTimeout as sleep } from 'node:timers/promises';
import {
  MongoAPIError,
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { type Bounds, orAbandoned } from './bounds.ts';
import { StoreUnavailable } from './port.ts';

export const DUPLICATE_KEY = 11000;
export const NO_COLLECTION = 26;
/** A collection of the name exists. */
export const TAKEN_NAME = 48;

export function codeOf(error: unknown): unknown {
  return error instanceof MongoServerError ? error.code : undefined;
}

/** What the server says when it, and not the request, is the matter. */
const UNAVAILABLE = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  18, // AuthenticationFailed
  24, // LockTimeout
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled
  189, // PrimarySteppedDown
  262, // ExceededTimeLimit
  365, // TemporarilyUnavailable
  9001, // SocketException
  10058, // LegacyNotPrimary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/** What every driver call of a bounded piece of work takes as options. */
export interface Bounded {
  /** What is left of the work's time: the server gives up then. */
  readonly maxTimeMS?: number;
}

const MAX_ATTEMPTS = 4;
const BACKOFF_MS = 20;

/**
 * Runs a driver call within the bounds of the work it is for; the only place
 * where driver errors are translated. What the server says of the request
 * itself is ours (a bug, or a taken key) and passes; everything else means that
 * the store does not answer.
 *
 * @param repeatable whether the call may be made again when its outcome is unknown
 * @throws StoreUnavailable, and the reason of the work's signal once that is aborted
 */
export async function guarded<T>(
  bounds: Bounds,
  call: (bounded: Bounded) => Promise<T>,
  repeatable: 'once' | 'repeatable' = 'once',
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withinBounds(bounds, call);
    } catch (error) {
      if (!meansUnavailable(error)) throw error;
      // The driver has waited for a server by then.
      const hopeless = error instanceof MongoServerSelectionError;
      if (repeatable === 'once' || hopeless || attempt === MAX_ATTEMPTS) {
        throw new StoreUnavailable('the store does not answer', { cause: error });
      }
      await sleep(attempt * BACKOFF_MS);
    }
  }
}

/** Runs a driver call within the bounds of the work. Rejects with the driver's errors. */
export async function withinBounds<T>(
  bounds: Bounds,
  call: (bounded: Bounded) => Promise<T>,
): Promise<T> {
  bounds.assertWanted();
  try {
    if (bounds.deadline === Number.POSITIVE_INFINITY) return await call({});
    const maxTimeMS = Math.ceil(bounds.deadline - performance.now());
    // A stream outlives its request's deadline.
    return await orAbandoned(bounds, call(maxTimeMS > 0 ? { maxTimeMS } : {}));
  } catch (error) {
    throw unwrapped(error);
  }
}

/**
 * The driver wraps what ends a bulk write, such as a closed connection, in an error of the
 * server, without its class and labels.
 */
function unwrapped(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const cause: unknown = error.errorResponse;
  return cause instanceof Error ? cause : error;
}

/** Whether the store, and not what was asked of it, is the matter. */
export function meansUnavailable(error: unknown): boolean {
  if (!(error instanceof MongoError)) return isOfSocket(error);
  if (isClosed(error)) return true;
  if (error instanceof MongoServerError) return UNAVAILABLE.has(Number(error.code));
  return !(error instanceof MongoAPIError);
}

/** The driver counts its own closing among the mistakes of its user. */
function isClosed(error: MongoError): boolean {
  return (
    error instanceof MongoClientClosedError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError
  );
}

/** The driver lets some errors of its sockets through as they are (`EPIPE`, `ECONNRESET`). */
function isOfSocket(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^E[A-Z]+$/.test(error.code)
  );
}
