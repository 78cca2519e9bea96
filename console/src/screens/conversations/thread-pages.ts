import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queries, request } from '../../graphql/client.ts';
import { useLive } from '../../graphql/live.ts';
import { failureOf } from '../../graphql/send.ts';
import { THREAD, THREAD_LIVE } from './queries.ts';
import { merged, type ThreadMessage } from './thread.ts';

const PAGE_SIZE = 50;
/** Pages beyond these are forgotten, and read again when one scrolls back. */
const MAX_PAGES = 5;
/** Messages that arrived are kept apart from the pages up to this number. */
const MAX_ARRIVED = 100;

export interface ThreadOf {
  readonly org: string;
  readonly agent: string;
  readonly session: string;
}

/** Several users can have a session of one id: these distinguish them. */
export interface ThreadUser {
  readonly userId: string;
  readonly channel: string;
  readonly test: boolean | null;
}

/** Where a page starts; null is the newest message. */
type Place = { readonly direction: 'older' | 'newer'; readonly after: string } | null;

interface ThreadPage {
  /** Newest first. */
  readonly messages: readonly ThreadMessage[];
  /** Undefined where the thread begins. */
  readonly older: Place | undefined;
  readonly newer: Place | undefined;
  /** Whether nothing was newer when it was read. */
  readonly isNewest: boolean;
}

type Pages = InfiniteData<ThreadPage, Place>;

/** The messages of a thread: a few pages around what one looks at, and what arrives. */
export function useThread(thread: ThreadOf, user: ThreadUser) {
  const [arrived, setArrived] = useState<readonly ThreadMessage[]>([]);
  const queryKey = ['Thread', thread];
  const query = useInfiniteQuery<ThreadPage, Error, Pages, typeof queryKey, Place>({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(thread, pageParam, signal),
    initialPageParam: null,
    getNextPageParam: ({ older }) => older,
    getPreviousPageParam: ({ newer }) => newer,
    maxPages: MAX_PAGES,
    refetchOnWindowFocus: false,
  });
  const live = useLive(THREAD_LIVE, thread, {
    cursorOf: ({ messageArrived }) => messageArrived?.cursor,
    onStart: () => void query.refetch(),
    onData: ({ messageArrived }) => {
      const message = messageArrived?.message;
      if (!message || !isOf(message, user)) return;
      setArrived((others) => {
        const rest = others.filter(({ messageId }) => messageId !== message.messageId);
        return [...rest, message].slice(-MAX_ARRIVED);
      });
      if (arrived.length >= MAX_ARRIVED / 2 && isAtEnd && !query.isFetching) void keepAsPage();
    },
  });
  const pages = query.data?.pages;
  const isAtEnd = pages?.[0]?.isNewest ?? true;
  /** Before the first ones that arrived are forgotten, they are read as a page. */
  const keepAsPage = async () => {
    const { data } = await query.fetchPreviousPage();
    const known = new Set(data?.pages.flatMap((it) => it.messages.map((one) => one.messageId)));
    setArrived((all) => all.filter(({ messageId }) => !known.has(messageId)));
  };
  const messages = useMemo(() => {
    const read = (pages ?? []).flatMap((it) => it.messages).reverse();
    return isAtEnd ? merged(read, arrived) : read;
  }, [pages, arrived, isAtEnd]);
  return {
    query,
    live,
    messages,
    latest: arrived.at(-1),
    hasOlder: query.hasNextPage,
    hasNewer: !isAtEnd,
    isBusy: query.isFetching,
    loadOlder: () => void query.fetchNextPage(),
    loadNewer: () => void query.fetchPreviousPage(),
    goToEnd: () => renewEnd(thread, queryKey),
  };
}

function isOf(message: ThreadUser, user: ThreadUser): boolean {
  const { userId, channel, test } = user;
  return message.userId === userId && message.channel === channel && message.test === test;
}

/** Shows the newest page alone. */
async function renewEnd(thread: ThreadOf, queryKey: readonly unknown[]): Promise<void> {
  const page = await read(thread, null);
  await queries.cancelQueries({ queryKey });
  queries.setQueryData<Pages>(queryKey, { pages: [page], pageParams: [null] });
}

async function read(thread: ThreadOf, place: Place, signal?: AbortSignal): Promise<ThreadPage> {
  const newestFirst = place?.direction !== 'newer';
  const answer = await request(
    THREAD,
    { ...thread, newestFirst, first: PAGE_SIZE, after: place?.after ?? null },
    signal && { signal },
  );
  const connection = answer.data.org?.activity?.conversation?.messages;
  if (!connection) throw failureOf(answer, 'org') ?? new Error('the thread has no messages');
  const { edges, pageInfo } = connection;
  const messages = edges.map(({ node }) => node);
  const first = edges[0]?.cursor ?? place?.after;
  const last = pageInfo.endCursor ?? place?.after;
  if (!newestFirst) {
    return {
      messages: messages.reverse(),
      older: at('older', first),
      newer: at('newer', last),
      isNewest: !pageInfo.hasNextPage,
    };
  }
  return {
    messages,
    older: pageInfo.hasNextPage ? at('older', last) : undefined,
    newer: at('newer', first),
    isNewest: place === null,
  };
}

function at(direction: 'older' | 'newer', after: string | undefined): Place | undefined {
  return after === undefined ? undefined : { direction, after };
}
