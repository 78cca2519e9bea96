import { useEffect, useEffectEvent, useState } from 'react';
import { lostConnection, whenReachable } from '../session/connection.ts';
import { session, signOut } from '../session/session.ts';
import { ApiError, TokenRefused, Unreachable } from './errors.ts';
import type { TadaDocumentNode } from './graphql.ts';
import { stream } from './stream.ts';

const RETRY_MS = 2_000;
/** A cursor that the server does not accept, e.g. of another store. */
const UNKNOWN_CURSOR = 'request.page_token';

/** `ended`: the caller lacks the right, or what was followed was removed. */
export type LiveState = 'connecting' | 'live' | 'interrupted' | 'ended';

interface Following<Data> {
  readonly onData: (data: Data) => void;
  /** The cursor of a result, after which an interrupted stream is resumed. */
  readonly cursorOf: (data: Data) => string | undefined;
  /** Called when the stream starts without a cursor: what was shown before may be incomplete. */
  readonly onStart: () => void;
  /** Whether to follow; true if omitted. */
  readonly enabled?: boolean;
}

/** Follows a subscription while the view is shown, and resumes it after an interruption. */
export function useLive<Data, Variables extends { readonly after?: string | null }>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  following: Following<Data>,
): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const { enabled = true } = following;
  const variablesKey = JSON.stringify(variables);
  const onData = useEffectEvent(following.onData);
  const cursorOf = useEffectEvent(following.cursorOf);
  const onStart = useEffectEvent(following.onStart);
  useEffect(() => {
    if (!enabled) return;
    const leaving = new AbortController();
    void follow({
      open: (after, onOpen, key) =>
        stream(document, { ...JSON.parse(variablesKey), after } as Variables, {
          key,
          onOpen,
          signal: leaving.signal,
        }),
      onData: (data) => onData(data),
      cursorOf: (data) => cursorOf(data),
      onStart: () => onStart(),
      onState: setState,
      signal: leaving.signal,
    });
    return () => leaving.abort();
  }, [document, variablesKey, enabled]);
  return state;
}

interface Followed<Data> extends Following<Data> {
  readonly open: (after: string | null, onOpen: () => void, key: string) => AsyncGenerator<Data>;
  readonly onState: (state: LiveState) => void;
  readonly signal: AbortSignal;
}

async function follow<Data>(followed: Followed<Data>): Promise<void> {
  const { open, onData, cursorOf, onStart, onState, signal } = followed;
  let after: string | null = null;
  onState('connecting');
  while (!signal.aborted) {
    const current = session.get();
    if (current.state !== 'signed-in') return;
    const onOpen = () => {
      onState('live');
      if (after === null) onStart();
    };
    try {
      for await (const data of open(after, onOpen, current.key)) {
        after = cursorOf(data) ?? after;
        onData(data);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.code === UNKNOWN_CURSOR) after = null;
      else if (isFinal(error)) return onState('ended');
    }
    if (signal.aborted) return;
    // The server stops, or the connection is lost.
    onState('interrupted');
    await pause(signal);
    await whenReachable(signal);
  }
}

/** Acts on the failure of a stream. @returns whether it will fail again */
function isFinal(error: unknown): boolean {
  if (error instanceof TokenRefused) {
    signOut('refused');
    return true;
  }
  if (error instanceof Unreachable) {
    void lostConnection();
    return false;
  }
  if (error instanceof ApiError) return error.isDenied || error.status === 404;
  throw error;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, RETRY_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}
