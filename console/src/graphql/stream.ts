import { print } from '@0no-co/graphql.web';
import { apiError, type GraphqlError, TokenRefused, Unreachable } from './errors.ts';
import type { TadaDocumentNode } from './graphql.ts';
import { ENDPOINT, GATEWAY_ERRORS } from './send.ts';

/** The server sends something every 12 seconds: after this silence the connection is lost. */
const MAX_SILENCE_MS = 40_000;

export interface Streaming {
  readonly key: string;
  readonly signal: AbortSignal;
  /** Called when the server has accepted the subscription. */
  readonly onOpen: () => void;
}

interface Result<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlError[];
}

/**
 * Yields the results of a subscription, until the server ends it or `signal` aborts.
 *
 * @throws TokenRefused, ApiError
 * @throws Unreachable if the connection is lost
 */
export async function* stream<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  { key, signal, onOpen }: Streaming,
): AsyncGenerator<Data> {
  const silence = new Silence();
  try {
    const response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: {
        Accept: 'text/event-stream',
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ query: print(document), variables }),
      signal: AbortSignal.any([signal, silence.signal]),
    }).catch(lost);
    if (response.status === 401) throw new TokenRefused('the server refuses the key');
    if (GATEWAY_ERRORS.includes(response.status) || !response.body) throw new Unreachable(LOST);
    if (!isEventStream(response)) {
      const { errors = [] } = (await response.json().catch(lost)) as Result<Data>;
      throw errors[0] ? apiError(errors[0]) : new Unreachable(LOST);
    }
    onOpen();
    for await (const text of eventsOf(response.body, () => silence.end())) {
      const { data, errors = [] } = JSON.parse(text) as Result<Data>;
      const [error] = errors.map(apiError);
      if (error?.status === 401) throw new TokenRefused(error.message);
      if (error) throw error;
      if (data) yield data;
    }
  } finally {
    silence.stop();
  }
}

const LOST = 'the connection is lost';

function lost(): never {
  throw new Unreachable(LOST);
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

/** Aborts its signal when it was not ended for `MAX_SILENCE_MS`. */
class Silence {
  readonly #control = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.end();
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  end(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#control.abort(), MAX_SILENCE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * The data of each server-sent event; one without any, such as the last one, is left out.
 *
 * @param onChunk called whenever something arrives
 * @throws Unreachable if the connection is lost
 */
async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  onChunk: () => void,
): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(lost);
      if (done) return;
      onChunk();
      text += value as string;
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const data = /^data: ?(.+)$/m.exec(text.slice(0, at))?.[1];
        text = text.slice(at + 2);
        if (data) yield data;
      }
    }
  } finally {
    // The view was left, or the connection is lost: nobody reads on.
    reader.cancel().catch(() => undefined);
  }
}
