/** A message of a thread, as the API has it. */
export interface ThreadMessage {
  readonly messageId: string;
  /** ISO-8601. */
  readonly timestamp: string;
  readonly origin: 'AGENT' | 'USER';
  readonly type: 'ACTION' | 'CONTENT' | 'STATUS';
  readonly subtype: string | null;
  readonly text: string | null;
  readonly error: string | null;
  readonly agentVersion: number | null;
  readonly channelMessageId: string | null;
}

/** A line of the chat. */
export type ThreadItem =
  | { readonly kind: 'day'; readonly key: string; readonly day: Date }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: ThreadMessage;
      /** The last status of the message, e.g. `read`. */
      readonly status?: string;
      /** The version that answered, where it is another than before. */
      readonly version?: number;
    }
  /** A status of a message that is not shown. */
  | { readonly kind: 'status'; readonly key: string; readonly message: ThreadMessage };

/** The last one wins whatever their times are: clocks of providers differ. */
const PROGRESS = ['sent', 'delivered', 'read', 'failed'];

/**
 * The lines of a chat: days of the operator's zone, messages with their last status, and statuses
 * of messages that are not among them.
 *
 * @param messages oldest first
 */
export function threadItems(messages: readonly ThreadMessage[]): readonly ThreadItem[] {
  const shown = new Set(
    messages.filter(({ type }) => type !== 'STATUS').map((it) => it.channelMessageId),
  );
  const statuses = new Map<string, string>();
  for (const { type, subtype, channelMessageId } of messages) {
    if (type !== 'STATUS' || !channelMessageId || !subtype) continue;
    const before = statuses.get(channelMessageId);
    if (before === undefined || PROGRESS.indexOf(subtype) >= PROGRESS.indexOf(before)) {
      statuses.set(channelMessageId, subtype);
    }
  }
  const items: ThreadItem[] = [];
  let date: string | undefined;
  let answering: number | undefined;
  for (const message of messages) {
    const { messageId: key, channelMessageId, agentVersion } = message;
    const isStatus = message.type === 'STATUS';
    if (isStatus && channelMessageId && shown.has(channelMessageId)) continue;
    const at = new Date(message.timestamp);
    if (at.toDateString() !== date) {
      date = at.toDateString();
      items.push({ kind: 'day', key: date, day: at });
    }
    if (isStatus) {
      items.push({ kind: 'status', key, message });
      continue;
    }
    const status = channelMessageId ? statuses.get(channelMessageId) : undefined;
    const version = agentVersion !== null && agentVersion !== answering ? agentVersion : undefined;
    answering = agentVersion ?? answering;
    items.push({
      kind: 'message',
      key,
      message,
      ...(status !== undefined && { status }),
      ...(version !== undefined && { version }),
    });
  }
  return items;
}

/** Both lists as one without repetitions, oldest first. */
export function merged(
  messages: readonly ThreadMessage[],
  arrived: readonly ThreadMessage[],
): readonly ThreadMessage[] {
  const known = new Set(messages.map(({ messageId }) => messageId));
  const added = arrived.filter(({ messageId }) => !known.has(messageId));
  if (added.length === 0) return messages;
  return [...messages, ...added].sort((a, b) =>
    // The order of the API: by time, then by id.
    a.timestamp === b.timestamp
      ? compare(a.messageId, b.messageId)
      : compare(a.timestamp, b.timestamp),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
