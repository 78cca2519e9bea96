import { QueryClient, queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { lostConnection, reachable } from '../session/connection.ts';
import { whenFresh } from '../session/renewal.ts';
import { session, signOut } from '../session/session.ts';
import { TokenRefused, Unreachable } from './errors.ts';
import type { TadaDocumentNode } from './graphql.ts';
import { type Answer, send } from './send.ts';

const FRESH_MS = 10_000;
/** Answers that no view shows any longer are forgotten soon: paging must not fill the memory. */
const FORGOTTEN_AFTER_MS = 30_000;

export const queries = new QueryClient({
  defaultOptions: {
    // The operator sees a refusal at once, and `lostConnection` repeats what got no answer.
    queries: {
      retry: false,
      staleTime: FRESH_MS,
      gcTime: FORGOTTEN_AFTER_MS,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

reachable.follow(() => {
  if (reachable.get()) void queries.invalidateQueries();
});

session.follow(() => {
  if (session.get().state === 'signed-out') queries.clear();
});

/**
 * Sends an operation with the key of the session, which ends if the server refuses the key.
 *
 * @throws TokenRefused, Unreachable, ApiError as `send`
 */
export async function request<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  options: { readonly signal?: AbortSignal; readonly idempotencyKey?: string } = {},
): Promise<Answer<Data>> {
  await whenFresh();
  const current = session.get();
  if (current.state !== 'signed-in') throw new TokenRefused('nobody is signed in');
  try {
    const answer = await send(document, variables, { key: current.key, ...options });
    reachable.set(true);
    return answer;
  } catch (error) {
    if (error instanceof TokenRefused) signOut('refused');
    if (error instanceof Unreachable) void lostConnection();
    throw error;
  }
}

/** The query of an operation, for `useQuery` and for loading it in advance. */
export function reading<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
) {
  return queryOptions({
    queryKey: [nameOf(document), variables],
    queryFn: ({ signal }) => request(document, variables, { signal }),
  });
}

interface ReadOptions {
  /** Shows the previous answer while another page of the same list is loaded. */
  readonly keepPrevious?: boolean;
  readonly enabled?: boolean;
  /** Reads it again after this time, as long as the view is shown. */
  readonly everyMs?: number;
}

/** Reads with a query, and again when what it shows may have changed. */
export function useRead<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  { keepPrevious = false, enabled = true, everyMs }: ReadOptions = {},
) {
  return useQuery({
    ...reading(document, variables),
    enabled,
    ...(keepPrevious && { placeholderData: (previous: Answer<Data> | undefined) => previous }),
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  });
}

/**
 * Writes with a mutation. Any failure of it is an error. Everything shown is read again afterwards.
 *
 * @param onDone called with the data
 * @public
 */
export function useWrite<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  onDone?: (data: Data) => void,
) {
  return useMutation({
    mutationFn: async (variables: Variables) => {
      const { data, failures } = await request(document, variables, {
        idempotencyKey: crypto.randomUUID(),
      });
      const [failure] = failures;
      if (failure) throw failure;
      return data;
    },
    onSuccess(data) {
      void queries.invalidateQueries();
      onDone?.(data);
    },
  });
}

function nameOf({ definitions }: Pick<TadaDocumentNode, 'definitions'>): string {
  for (const it of definitions) {
    if (it.kind === 'OperationDefinition' && it.name) return it.name.value;
  }
  throw new Error('an operation has no name');
}
