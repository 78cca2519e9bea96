import { once } from 'node:events';
import { WebSocket } from 'undici';
import type { CpuProfile } from './costs.ts';

/** Microseconds between samples. */
const INTERVAL = 200;

/** The profiler of another process, over its inspector. */
export class Profiler {
  readonly #socket: WebSocket;
  #id = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param url where the inspector listens, `ws://…` */
  static async connect(url: string): Promise<Profiler> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const profiler = new Profiler(socket);
    await profiler.#call('Profiler.enable');
    await profiler.#call('Profiler.setSamplingInterval', { interval: INTERVAL });
    return profiler;
  }

  /** The profile of the process while the work runs. */
  async during(work: () => Promise<unknown>): Promise<CpuProfile> {
    await this.#call('Profiler.start');
    await work();
    const { profile } = await this.#call<{ profile: CpuProfile }>('Profiler.stop');
    return profile;
  }

  close(): void {
    this.#socket.close();
  }

  async #call<T>(method: string, params: object = {}): Promise<T> {
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<T>((resolve, reject) => {
      const read = (event: { readonly data: unknown }) => {
        const answer = JSON.parse(String(event.data)) as {
          readonly id?: number;
          readonly result?: T;
          readonly error?: { readonly message: string };
        };
        if (answer.id !== id) return;
        this.#socket.removeEventListener('message', read);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result as T);
      };
      this.#socket.addEventListener('message', read);
    });
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answered;
  }
}
