import {
  MongoAPIError,
  MongoClientClosedError,
  MongoError,
  MongoNotConnectedError,
  MongoServerError,
  MongoTopologyClosedError,
} from 'mongodb';
import { currentBounds, orAborted } from './bounds.ts';
import { StoreUnavailable } from './port.ts';

export const DUPLICATE_KEY = 11000;

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

/**
 * Runs a driver call within the bounds of the work it is for; the only place
 * where driver errors are translated. What the server says of the request
 * itself is ours (a bug, or a taken key) and passes; everything else means that
 * the store does not answer.
 *
 * @throws StoreUnavailable, and the reason of the work's signal once that is aborted
 */
export async function guarded<T>(call: (bounded: Bounded) => Promise<T>): Promise<T> {
  const bounds = currentBounds();
  try {
    if (!bounds) return await call({});
    const { signal, deadline } = bounds;
    signal.throwIfAborted();
    const maxTimeMS = Math.ceil(deadline - performance.now());
    // A stream goes on behind its request's deadline.
    return await orAborted(signal, call(maxTimeMS > 0 ? { maxTimeMS } : {}));
  } catch (error) {
    if (meansUnavailable(error)) {
      throw new StoreUnavailable('the store does not answer', { cause: error });
    }
    throw error;
  }
}

/** Whether the store, and not what was asked of it, is the matter. */
export function meansUnavailable(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
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
