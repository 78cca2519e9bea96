import type { ServerResponse } from 'node:http';
import type { MaybePromise } from '../store/bounds.ts';
import type { Work } from '../work.ts';
import type { Answer } from './answer.ts';
import type { ByteBudget } from './byte-budget.ts';
import { Departures } from './departures.ts';
import { jsonText, tooLong } from './json.ts';

/** Of a longer answer, a connection may not accept all at once. It is sent in pieces of this length. */
const PIECE_BYTES = 64 * 1024;

export interface OutgoingLimits {
  /** Bytes of all answers that are being written, or that clients have not read yet. */
  readonly unsent: ByteBudget;
  /** Bytes of one answer. */
  readonly maxAnswerBytes: number;
  /** A connection that makes no progress for so long is ended. */
  readonly stalledMs: number;
}

/** Writes and sends answers. Bounds each, and bounds what clients leave unread. */
export class Outgoing {
  readonly #unsent: ByteBudget;
  readonly #maxAnswerBytes: number;
  readonly #stalledMs: number;
  readonly #departures = new Departures();

  constructor({ unsent, maxAnswerBytes, stalledMs }: OutgoingLimits) {
    this.#unsent = unsent;
    this.#maxAnswerBytes = maxAnswerBytes;
    this.#stalledMs = stalledMs;
  }

  /** The body of an answer. @throws as `jsonText` */
  json(value: unknown, work: Work): MaybePromise<string | Buffer> {
    return jsonText(value, { maxBytes: this.#maxAnswerBytes, budget: this.#unsent, work });
  }

  /** @throws DomainError `request.too_complex` on an answer that is too long */
  assertShort(text: string): void {
    if (Buffer.byteLength(text) > this.#maxAnswerBytes) throw tooLong(this.#maxAnswerBytes);
  }

  get unsentBytes(): number {
    return this.#unsent.used;
  }

  /** Whether answers that clients do not read leave no room for another. */
  get full(): boolean {
    return this.#unsent.full;
  }

  /** @throws DomainError `server.busy` when the answer does not fit beside those that wait to be read */
  assertRoomFor({ body, shared }: Answer): void {
    if (body !== undefined && !shared) this.#unsent.assertRoomFor(body.length);
  }

  /**
   * @param more names and values of headers beside those of the answer
   * @returns how many bytes the body has
   */
  send(
    response: ServerResponse,
    requestId: string,
    answer: Answer,
    more: readonly string[] = [],
  ): number {
    const { status, headers, body } = answer;
    const raw: string[] = ['X-Request-Id', requestId, 'X-Content-Type-Options', 'nosniff', ...more];
    // What was set on the response before is sent too; a header of the same name would replace it.
    const varies = response.getHeader('Vary');
    for (const name in headers) {
      const value = headers[name] ?? '';
      raw.push(name, name === 'Vary' && varies !== undefined ? `${varies}, ${value}` : value);
    }
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0);
    if (body !== undefined) raw.push('Content-Length', String(bytes));
    response.writeHead(status, raw);
    if (bytes > PIECE_BYTES) this.#write(response, answer, bytes);
    else this.#departures.add(() => this.#write(response, answer, bytes));
    return bytes;
  }

  #write(response: ServerResponse, { body, shared }: Answer, bytes: number): void {
    // The client hung up meanwhile: nothing would give the bytes back.
    if (response.destroyed) return;
    if (body === undefined || bytes <= PIECE_BYTES) {
      response.end(body);
      // Usually the system takes all of it at once.
      if (response.writableLength === 0) return;
    } else endInPieces(response, typeof body === 'string' ? Buffer.from(body) : body);
    this.watch(response);
    if (shared) return;
    this.#unsent.count(bytes);
    response.once('close', () => this.#unsent.give(bytes));
  }

  /**
   * Ends the connection once it makes no progress with what is to be sent. What the client sends is no
   * progress. A stream that has nothing to send does not stall.
   */
  watch(response: ServerResponse): void {
    let sent = 0;
    let progressAt = performance.now();
    const check = () => {
      const now = performance.now();
      const { socket, writableLength } = response;
      const sentNow = (socket?.bytesWritten ?? 0) - writableLength;
      // Without a socket, it waits until the answers before it are sent.
      if (!socket || writableLength === 0 || sentNow !== sent) progressAt = now;
      else if (now - progressAt >= this.#stalledMs) response.destroy();
      sent = sentNow;
    };
    const timer = setInterval(check, Math.ceil(this.#stalledMs / 4));
    timer.unref();
    response.once('close', () => clearInterval(timer));
  }
}

/** Ends an answer piece by piece: each that the system takes is progress. */
function endInPieces(response: ServerResponse, body: Buffer): void {
  const next = (from: number): void => {
    const end = from + PIECE_BYTES;
    const piece = body.subarray(from, end);
    if (end >= body.length) response.end(piece);
    else response.write(piece, (error) => error || next(end));
  };
  next(0);
}
