import { invalid } from './errors.ts';
import { FORMATS } from './formats.ts';

/** A user of an agent as a channel knows them. */
export interface ChannelUser {
  readonly channel: string;
  /** The user's id on the channel. */
  readonly userId: string;
}

/** A channel on which a person is known. */
export interface PersonChannel extends ChannelUser {
  /** ISO-8601. Undefined for a user who has sent and received nothing yet. */
  readonly lastSeenAt?: string;
}

/**
 * The channels whose user ids are phone numbers, with what an id has before the digits of the
 * E.164 number. WhatsApp's own ids have no `+`.
 */
const PHONE_PREFIXES: Readonly<Record<string, readonly string[]>> = {
  rcs: ['+'],
  sms: ['+'],
  whatsapp: ['+', ''],
};

/** The phone number in E.164 that is the user's id; undefined if it is none. */
export function phoneOf({ channel, userId }: ChannelUser): string | undefined {
  const prefixes = Object.hasOwn(PHONE_PREFIXES, channel) ? PHONE_PREFIXES[channel] : undefined;
  const prefix = prefixes?.find(
    (it) => /^\d+$/.test(userId.slice(it.length)) && userId.startsWith(it),
  );
  if (prefix === undefined) return undefined;
  const phone = `+${userId.slice(prefix.length)}`;
  return FORMATS.phone.parse(phone) === phone ? phone : undefined;
}

/** Every user whose id is the phone number: the inverse of `phoneOf`. @param phone E.164 */
export function usersOfPhone(phone: string): ChannelUser[] {
  return Object.entries(PHONE_PREFIXES).flatMap(([channel, prefixes]) =>
    prefixes.map((prefix) => ({ channel, userId: `${prefix}${phone.slice(1)}` })),
  );
}

const MAX_LINKS = 10;

interface Linked {
  readonly linkedUsers?: readonly ChannelUser[];
}

/** @throws DomainError `request.invalid` if the person has too many links */
export function withLink<P extends Linked>(person: P, user: ChannelUser): P {
  const { linkedUsers = [] } = person;
  if (linkedUsers.some((it) => isSame(it, user))) return person;
  if (linkedUsers.length === MAX_LINKS) {
    throw invalid([{ path: 'channels', message: `must be at most ${MAX_LINKS}` }]);
  }
  const { channel, userId } = user;
  return { ...person, linkedUsers: [...linkedUsers, { channel, userId }] };
}

export function withoutLink<P extends Linked>(person: P, user: ChannelUser): P {
  const { linkedUsers = [], ...rest } = person;
  const kept = linkedUsers.filter((it) => !isSame(it, user));
  if (kept.length === linkedUsers.length) return person;
  return (kept.length > 0 ? { ...person, linkedUsers: kept } : rest) as P;
}

function isSame(a: ChannelUser, b: ChannelUser): boolean {
  return a.channel === b.channel && a.userId === b.userId;
}
