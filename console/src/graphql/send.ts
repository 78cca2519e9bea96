import { print } from '@0no-co/graphql.web';
import { type ApiError, apiError, type GraphqlError, TokenRefused, Unreachable } from './errors.ts';
import type { TadaDocumentNode } from './graphql.ts';

export const ENDPOINT = '/graphql';
/** Of a proxy whose server is gone. */
export const GATEWAY_ERRORS = [502, 504];

/** An answer: a field that was denied or failed is null, and has an entry in `failures`. */
export interface Answer<Data> {
  readonly data: Data;
  readonly failures: readonly ApiError[];
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlError[];
}

export interface Sending {
  readonly key: string;
  readonly signal?: AbortSignal;
  /** Of a mutation: makes it safe to send again. */
  readonly idempotencyKey?: string;
}

/**
 * Sends one operation.
 *
 * @throws TokenRefused, Unreachable
 * @throws ApiError if the whole operation was refused
 */
export async function send<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  { key, signal, idempotencyKey }: Sending,
): Promise<Answer<Data>> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
    },
    body: JSON.stringify({ query: print(document), variables }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Unreachable('the server does not answer');
  });
  if (response.status === 401) throw new TokenRefused('the server refuses the key');
  if (GATEWAY_ERRORS.includes(response.status)) throw new Unreachable('the server does not answer');
  const { data, errors = [] } = (await response.json()) as Body<Data>;
  const failures = errors.map(apiError);
  if (data === undefined || data === null || Object.values(data).every((it) => it === null)) {
    const [first] = failures;
    if (first) throw first;
  }
  return { data: data as Data, failures };
}

/** The failure of a field or of one within it, e.g. `org.agent.people`. */
export function failureOf({ failures }: Answer<unknown>, field: string): ApiError | undefined {
  return failures.find((it) => it.field === field || it.field.startsWith(`${field}.`));
}
