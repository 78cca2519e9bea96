import {
  type ChannelUser,
  type PersonChannel,
  phoneOf,
  usersOfPhone,
} from '../domain/channel-users.ts';
import type { Collection, RangeScan } from '../store/port.ts';
import { compareText } from '../store/text.ts';
import { type UserDoc, userKey } from '../traffic/collections.ts';
import type { Work } from '../work.ts';
import type { PersonDoc, PersonLinkDoc } from './collection.ts';

/** A user of an agent on a channel. */
export interface OwnedUser extends ChannelUser {
  /** The agent (`ownerKey`). */
  readonly owner: string;
}

/** The parts of a person from which its channels follow. */
export const CHANNEL_PARTS = ['owner', 'uid', 'phone', 'linkedUsers'] as const;
export type WithChannels = Pick<PersonDoc, (typeof CHANNEL_PARTS)[number]>;

/** A user who is the person, unless the user is somebody else. */
interface Candidate extends ChannelUser {
  readonly key: string;
  readonly person: WithChannels;
  /** The user's id is the person's phone number. */
  readonly phone: string | undefined;
  /** The runtime linked the user to the person. */
  readonly linked: boolean;
}

/**
 * Which person a user of a channel is. A link decides, else the phone number that is the user's
 * id, else nobody. If several people have the phone number, it is the one who was created first.
 *
 * Nothing of this is stored with the traffic: it follows from people and links as they are when
 * it is read.
 */
export class PersonChannels {
  readonly #people: Collection<PersonDoc>;
  readonly #links: Collection<PersonLinkDoc>;
  readonly #users: Collection<UserDoc>;

  constructor(
    people: Collection<PersonDoc>,
    links: Collection<PersonLinkDoc>,
    users: Collection<UserDoc>,
  ) {
    this.#people = people;
    this.#links = links;
    this.#users = users;
  }

  /**
   * The person of each user, in their order, undefined where there is none; at most two reads.
   *
   * @param fields the parts of a person to read
   */
  async peopleOf(
    work: Work,
    users: readonly OwnedUser[],
    fields: readonly string[],
  ): Promise<(PersonDoc | undefined)[]> {
    const keys = users.map((user) => userKey(user.owner, user));
    const links = await this.#links.getMany(work, keys, ['personUid']);
    const scans = users.map((user, i) => personScan(user, links[i], fields));
    const found = await this.#firsts(work, scans);
    return scans.map((scan) => scan && found.get(scan));
  }

  /**
   * The channels on which each person is known, the last seen first; three reads at once. By the
   * phone number, those alone on which the agent has met the person.
   */
  async channelsOf(
    work: Work,
    people: readonly WithChannels[],
  ): Promise<readonly (readonly PersonChannel[])[]> {
    const candidates = people.flatMap(candidatesOf);
    const keys = candidates.map(({ key }) => key);
    const [held, users] = await Promise.all([
      this.#held(work, candidates),
      this.#users.getMany(work, keys, ['lastSeenAt']),
    ]);
    const channels = new Map(people.map((person) => [person, [] as PersonChannel[]]));
    for (const [i, { person, linked, channel, userId }] of candidates.entries()) {
      const lastSeenAt = users[i]?.lastSeenAt;
      if (!held[i] || !(linked || lastSeenAt)) continue;
      channels.get(person)?.push({ channel, userId, ...(lastSeenAt && { lastSeenAt }) });
    }
    return people.map((person) => (channels.get(person) ?? []).sort(lastSeenFirst));
  }

  /** The users who are each person, whether the agent has met them or not; two reads at once. */
  async usersOf(
    work: Work,
    people: readonly WithChannels[],
  ): Promise<readonly (readonly ChannelUser[])[]> {
    const candidates = people.flatMap(candidatesOf);
    const held = await this.#held(work, candidates);
    const users = candidates.filter((_, i) => held[i]);
    return people.map((person) => users.filter((it) => it.person === person));
  }

  /** Whether each candidate is the person. */
  async #held(work: Work, candidates: readonly Candidate[]): Promise<readonly boolean[]> {
    const keys = candidates.map(({ key }) => key);
    const byPhone = new Map<string, RangeScan>();
    for (const { phone, person } of candidates) {
      if (phone === undefined) continue;
      byPhone.set(placeOf(person.owner, phone), phoneScan(person.owner, phone, ['uid']));
    }
    const [links, firsts] = await Promise.all([
      this.#links.getMany(work, keys, ['personUid']),
      this.#firsts(work, [...byPhone.values()]),
    ]);
    return candidates.map(({ phone, person }, i) => {
      const scan = phone === undefined ? undefined : byPhone.get(placeOf(person.owner, phone));
      const holder = links[i]?.personUid ?? (scan && firsts.get(scan)?.uid);
      return holder === person.uid;
    });
  }

  /** The first person that each scan finds; one read. */
  async #firsts(work: Work, scans: readonly (RangeScan | undefined)[]) {
    const wanted = scans.filter((scan) => scan !== undefined);
    const pages = wanted.length > 0 ? await this.#people.scanMany(work, wanted) : [];
    return new Map(wanted.map((scan, i) => [scan, pages[i]?.docs[0]]));
  }
}

function candidatesOf(person: WithChannels): readonly Candidate[] {
  const { owner, phone, linkedUsers = [] } = person;
  const candidates = new Map<string, Candidate>();
  for (const user of phone === undefined ? [] : usersOfPhone(phone)) {
    const key = userKey(owner, user);
    candidates.set(key, { ...user, key, person, phone, linked: false });
  }
  for (const user of linkedUsers) {
    const key = userKey(owner, user);
    candidates.set(key, { ...user, key, person, phone: candidates.get(key)?.phone, linked: true });
  }
  return [...candidates.values()];
}

/** Finds the person of a user; undefined if neither a link nor a phone number says who it is. */
function personScan(
  user: OwnedUser,
  link: PersonLinkDoc | undefined,
  fields: readonly string[],
): RangeScan | undefined {
  if (link) {
    const { personUid: uid } = link;
    return { index: 'byOwner', eq: [user.owner], from: uid, before: `${uid}\0`, limit: 1, fields };
  }
  const phone = phoneOf(user);
  return phone === undefined ? undefined : phoneScan(user.owner, phone, fields);
}

function phoneScan(owner: string, phone: string, fields: readonly string[]): RangeScan {
  return { index: 'byPhone', eq: [owner, phone], limit: 1, fields };
}

function placeOf(owner: string, phone: string): string {
  return `${owner} ${phone}`;
}

function lastSeenFirst(a: PersonChannel, b: PersonChannel): number {
  const [seenA, seenB] = [a.lastSeenAt ?? '', b.lastSeenAt ?? ''];
  if (seenA !== seenB) return seenA < seenB ? 1 : -1;
  return compareText(userKey('', a), userKey('', b));
}
