import { randomBytes } from 'node:crypto';
import type { Answer } from '../http/answer.ts';
import type { Served } from './pages.ts';
import type { FileDescription } from './static-file.ts';

/** Where the nonce of an answer is written, in the page and in its policy. */
export const NONCE = '{{nonce}}';
/** Where a policy names the origins, beside its own, that the script may send requests to. */
export const CONNECTED = '{{connected}}';
const NONCE_BYTES = 16;

/**
 * The page of an application in the browser, whose script shows the views below its path. Each
 * answer has its own nonce: the style elements that the script adds carry it, and no other may.
 */
export class AppPage implements Served {
  readonly path: string;
  readonly type: FileDescription['type'];
  readonly below: string;
  readonly #policy: string;
  readonly #read: () => string;
  #content: string | undefined;

  /**
   * @param connected origins
   * @param read called once, on the first request
   */
  constructor(
    { path, type, policy, below }: FileDescription & { readonly below: string },
    connected: readonly string[],
    read: () => string,
  ) {
    this.path = path;
    this.type = type;
    this.below = below;
    this.#policy = policy.replace(CONNECTED, connected.map((it) => ` ${it}`).join(''));
    this.#read = read;
  }

  answer(): Answer {
    this.#content ??= this.#read();
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return {
      status: 200,
      headers: {
        'Cache-Control': 'no-store',
        'Content-Security-Policy': this.#policy.replaceAll(NONCE, nonce),
        'Content-Type': `${this.type}; charset=utf-8`,
        'Referrer-Policy': 'no-referrer',
      },
      body: this.#content.replaceAll(NONCE, nonce),
    };
  }
}
