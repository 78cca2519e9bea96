import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { ByteBudget } from './byte-budget.ts';

/** Sends answers, and bounds what clients leave unread: in bytes together, and in time for each. */
export class Outgoing {
  readonly #unsent: ByteBudget;
  readonly #stalledMs: number;

  /**
   * @param unsent bytes of all answers that clients have not read yet
   * @param stalledMs a connection that makes no progress for so long is ended
   */
  constructor(unsent: ByteBudget, stalledMs: number) {
    this.#unsent = unsent;
    this.#stalledMs = stalledMs;
  }

  /** Whether answers that clients do not read leave no room for another. */
  get full(): boolean {
    return this.#unsent.full;
  }

  /** @throws DomainError `server.busy` when the answer does not fit beside those that wait to be read */
  assertRoomFor({ body, shared }: Answer): void {
    if (body !== undefined && !shared) this.#unsent.assertRoomFor(body.length);
  }

  send(response: ServerResponse, requestId: string, answer: Answer): void {
    const { status, headers, body, shared } = answer;
    const raw: string[] = ['X-Request-Id', requestId, 'X-Content-Type-Options', 'nosniff'];
    // What was set on the response before is sent too; a header of the same name would replace it.
    const varies = response.getHeader('Vary');
    for (const name in headers) {
      const value = headers[name] ?? '';
      raw.push(name, name === 'Vary' && varies !== undefined ? `${varies}, ${value}` : value);
    }
    if (body === undefined) {
      response.writeHead(status, raw).end();
      return;
    }
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    raw.push('Content-Length', String(bytes));
    response.writeHead(status, raw).end(body);
    // Usually the system takes all of it at once.
    if (response.writableLength === 0) return;
    this.watch(response);
    if (shared) return;
    this.#unsent.take(bytes);
    response.once('close', () => this.#unsent.give(bytes));
  }

  /** Ends the connection once it makes no progress with what is to be sent. */
  watch(response: ServerResponse): void {
    response.setTimeout(this.#stalledMs, () => {
      // A stream that has nothing to send does not stall.
      if (response.writableLength > 0) response.destroy();
      else response.setTimeout(this.#stalledMs);
    });
  }
}
