import { useSyncExternalStore } from 'react';

/** A value that components follow. */
export class Observable<Value> {
  #value: Value;
  readonly #followers = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  set(value: Value): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const notify of this.#followers) notify();
  }

  readonly follow = (notify: () => void): (() => void) => {
    this.#followers.add(notify);
    return () => this.#followers.delete(notify);
  };
}

export function useObservable<Value>(observable: Observable<Value>): Value {
  return useSyncExternalStore(observable.follow, observable.get);
}
