import { Button, Text } from '@mantine/core';
import {
  Fragment,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { threadTexts } from '../../texts/conversations.ts';
import { Icon } from '../../ui/icons.tsx';
import { exactTime } from '../../ui/time.tsx';
import { type ThreadItem, type ThreadMessage, threadItems } from './thread.ts';

/** Older and newer messages are loaded when one is this near to the edge, in pixels. */
const NEAR = 400;
/** Who is this near to the end follows what arrives. */
const AT_END = 48;
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

interface ChatProps {
  /** Oldest first. */
  readonly messages: readonly ThreadMessage[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly isBusy: boolean;
  readonly loadOlder: () => void;
  readonly loadNewer: () => void;
  readonly goToEnd: () => Promise<void>;
  /** A link to a version of the agent. */
  readonly versionLink: (version: number, label: string) => ReactNode;
}

/** A thread that scrolls by itself: it starts at its end, and keeps its place while it loads. */
export function Chat(props: ChatProps) {
  const { messages, hasOlder, hasNewer, isBusy, loadOlder, loadNewer, goToEnd, versionLink } =
    props;
  const region = useRef<HTMLElement>(null);
  const items = useMemo(() => threadItems(messages), [messages]);
  const { isAtEnd, remember, toEnd } = useScrollPlace(region, items, hasNewer);
  const loadNear = useEffectEvent(() => {
    const it = region.current;
    if (!it || isBusy) return;
    if (hasOlder && it.scrollTop < NEAR) loadOlder();
    else if (hasNewer && distanceToEnd(it) < NEAR) loadNewer();
  });
  // While a page is loaded, one scrolls on.
  useEffect(() => {
    if (!isBusy) loadNear();
  }, [isBusy]);
  const onScroll = () => {
    remember();
    loadNear();
  };
  return (
    <div className="thread">
      <section
        ref={region}
        className="thread-scroll"
        aria-label={threadTexts.messages}
        aria-busy={isBusy}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className="thread-edge">
          {hasOlder ? (
            <Button variant="subtle" size="compact-sm" loading={isBusy} onClick={loadOlder}>
              {threadTexts.older}
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              {threadTexts.first}
            </Text>
          )}
        </div>
        <ol className="thread-list">
          {items.map((item) => (
            <li key={item.key} data-key={item.key} className={`thread-${item.kind}`}>
              <Item item={item} versionLink={versionLink} />
            </li>
          ))}
        </ol>
        {hasNewer && (
          <div className="thread-edge">
            <Button variant="subtle" size="compact-sm" loading={isBusy} onClick={loadNewer}>
              {threadTexts.newer}
            </Button>
          </div>
        )}
      </section>
      {!isAtEnd && (
        <Button
          className="thread-newest"
          size="compact-sm"
          radius="xl"
          leftSection={<Icon name="chevronDown" size={14} />}
          onClick={() => {
            toEnd();
            if (hasNewer) void goToEnd();
            region.current?.focus();
          }}
        >
          {threadTexts.newest}
        </Button>
      )}
    </div>
  );
}

interface ItemProps extends Pick<ChatProps, 'versionLink'> {
  readonly item: ThreadItem;
}

function Item({ item, versionLink }: ItemProps) {
  if (item.kind === 'day') return <span>{DAY.format(item.day)}</span>;
  const { message } = item;
  const at = (
    <time dateTime={message.timestamp} title={exactTime(message.timestamp)}>
      {CLOCK.format(new Date(message.timestamp))}
    </time>
  );
  if (item.kind === 'status') {
    return (
      <span>
        {deliveryOf(message.subtype ?? '')} · {at}
      </span>
    );
  }
  const { status, version } = item;
  const isAgent = message.origin === 'AGENT';
  const isFailed = message.error !== null || status === 'failed';
  return (
    <article
      className={`bubble ${isAgent ? 'bubble-agent' : 'bubble-user'}`}
      aria-label={isAgent ? threadTexts.fromAgent : threadTexts.fromUser}
      {...(isFailed && { 'data-failed': true })}
    >
      <div className="bubble-text">
        {message.text ?? <em>{threadTexts.content(message.subtype ?? message.type)}</em>}
      </div>
      <div className="bubble-meta">
        {[
          at,
          message.type === 'ACTION' && actionOf(message.subtype),
          isFailed && (
            <span className="bubble-failed">
              {message.error ? threadTexts.failed(message.error) : threadTexts.deliveries.failed}
            </span>
          ),
          !isFailed && status && deliveryOf(status),
          version !== undefined && versionLink(version, threadTexts.answeredBy(version)),
        ]
          .filter((it) => it !== false && it !== undefined && it !== '')
          .map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts have an order and no ids
            <Fragment key={index}>
              {index > 0 && ' · '}
              {part}
            </Fragment>
          ))}
      </div>
    </article>
  );
}

function deliveryOf(status: string): string {
  const { deliveries } = threadTexts;
  return isDelivery(status) ? deliveries[status] : status;
}

function isDelivery(status: string): status is keyof typeof threadTexts.deliveries {
  return Object.hasOwn(threadTexts.deliveries, status);
}

function actionOf(subtype: string | null): string {
  return subtype === 'suggestion' ? threadTexts.tapped : threadTexts.action(subtype ?? '');
}

/** The line at the top of what one sees, and how far it is from there; or the end. */
type Place = 'end' | { readonly key: string; readonly offset: number };

/** Keeps the lines where they are while others are added before them, or forgotten. */
function useScrollPlace(
  region: RefObject<HTMLElement | null>,
  items: readonly ThreadItem[],
  hasNewer: boolean,
) {
  const place = useRef<Place>('end');
  const [isAtEnd, setAtEnd] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: moves when the lines change
  useLayoutEffect(() => {
    if (region.current) scrollTo(region.current, place.current);
  }, [items]);
  useEffect(() => {
    const it = region.current;
    if (!it) return;
    const resized = new ResizeObserver(() => scrollTo(it, place.current));
    resized.observe(it);
    return () => resized.disconnect();
  }, [region]);
  return {
    isAtEnd,
    remember() {
      const it = region.current;
      if (!it) return;
      const isEnd = !hasNewer && distanceToEnd(it) < AT_END;
      place.current = isEnd ? 'end' : (placeIn(it) ?? place.current);
      setAtEnd(isEnd);
    },
    toEnd() {
      place.current = 'end';
      if (region.current) scrollTo(region.current, 'end');
    },
  };
}

function scrollTo(region: HTMLElement, place: Place): void {
  if (place === 'end') {
    region.scrollTop = region.scrollHeight;
    return;
  }
  const line = region.querySelector<HTMLElement>(`[data-key="${CSS.escape(place.key)}"]`);
  if (line) region.scrollTop = line.offsetTop - place.offset;
}

function distanceToEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

function placeIn(region: HTMLElement): Place | undefined {
  for (const line of region.querySelectorAll<HTMLElement>('[data-key]')) {
    if (line.offsetTop + line.offsetHeight <= region.scrollTop) continue;
    return { key: line.dataset.key ?? '', offset: line.offsetTop - region.scrollTop };
  }
  return undefined;
}
