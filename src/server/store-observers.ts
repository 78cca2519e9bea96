import { DomainError } from '../domain/errors.ts';
import type { CallEnded, CallObserver } from '../store/observed.ts';
import { errorType } from '../tracing/outgoing.ts';

const UNTRACED: CallEnded = () => undefined;

/**
 * A span for each call of the store that belongs to a span.
 *
 * @param system the back end, as `db.system.name` has it
 */
export function tracedCalls(system: 'lmdb' | 'mongodb'): CallObserver {
  // LMDB is in this process.
  const kind = system === 'lmdb' ? 'internal' : 'client';
  return ({ verb, collection, bounds }) => {
    const parent = bounds?.span;
    if (!parent) return UNTRACED;
    const span = parent.child(collection === undefined ? verb : `${verb} ${collection}`, kind, {
      'db.system.name': system,
      'db.operation.name': verb,
      'db.collection.name': collection,
    });
    return (error) => {
      if (error !== undefined) {
        span.fail(error instanceof DomainError ? error.code : errorType(error));
      }
      span.end();
    };
  };
}

/** All of them, in their order; undefined without any. */
export function allObservers(observers: readonly CallObserver[]): CallObserver | undefined {
  if (observers.length < 2) return observers[0];
  return (call) => {
    const ended = observers.map((observe) => observe(call));
    return (error) => {
      for (const end of ended) end(error);
    };
  };
}
