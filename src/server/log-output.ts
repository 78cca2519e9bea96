import { pino } from 'pino';

/** Characters that are written at once; or what there is after this time. */
const MAX_PENDING = 32 * 1024;
const FLUSH_EVERY_MS = 250;
/** What the reader of stdout has not accepted yet. Lines beyond it are dropped. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/**
 * Lines to stdout, buffered: writing each by itself costs more than making it. A reader that
 * stalls does not stop the server. Everything that is pending is written when the process exits.
 */
export class BufferedOutput {
  // Asynchronous; it gathers nothing itself, for it measures the whole buffer again at each line.
  readonly #stdout = pino.destination({ dest: 1, sync: false, maxLength: MAX_UNREAD_BYTES });
  #pending = '';

  constructor() {
    setInterval(() => this.#pass(), FLUSH_EVERY_MS).unref();
    process.on('exit', () => {
      this.#pass();
      this.#stdout.flushSync();
    });
  }

  write(line: string): void {
    this.#pending += line;
    if (this.#pending.length >= MAX_PENDING) this.#pass();
  }

  /** @param done called once everything is written */
  flush(done: (error?: Error | null) => void = () => undefined): void {
    this.#pass();
    this.#stdout.flush(done);
  }

  #pass(): void {
    if (this.#pending === '') return;
    this.#stdout.write(this.#pending);
    this.#pending = '';
  }
}
