/** Queues by caller: callers are served in rotation, so one with much work does not hold up others. */
export class Rotation<T> {
  /** In the order in which callers are served. No queue is empty. */
  readonly #queues = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many items of one caller wait. */
  sizeOf(caller: string): number {
    return this.#queues.get(caller)?.length ?? 0;
  }

  add(caller: string, item: T): void {
    const queue = this.#queues.get(caller);
    if (queue) queue.push(item);
    else this.#queues.set(caller, [item]);
    this.#size += 1;
  }

  /** Removes the next item: the first of the caller whose turn it is. */
  next(): T | undefined {
    const [entry] = this.#queues;
    if (!entry) return undefined;
    const [caller, queue] = entry;
    const item = queue.shift();
    this.#queues.delete(caller);
    if (queue.length > 0) this.#queues.set(caller, queue);
    this.#size -= 1;
    return item;
  }
}
