import { channelOf } from '../../ui/channel-name.ts';
import { isDay } from '../../ui/days.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

/** What the address of the screen says: the filters and the page. */
export interface ConversationsSearch extends PageSearch {
  /** As the traffic spells it. */
  readonly channel?: string;
  /** The id of a person. */
  readonly person?: string;
  /** The id of a user on a channel, who need not be a known person. */
  readonly user?: string;
  /** Days in the operator's zone, as `2026-11-25`; both are included. */
  readonly from?: string;
  readonly to?: string;
  readonly test?: true;
}

export function conversationsSearch(given: Readonly<Record<string, unknown>>): ConversationsSearch {
  const { channel, person, user, from, to, test } = given;
  return {
    ...pageSearch(given),
    ...(isChannel(channel) && { channel }),
    ...(typeof person === 'string' && { person }),
    // The router reads a phone number without its plus as a number.
    ...((typeof user === 'string' || typeof user === 'number') && { user: String(user) }),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
    ...(test === true && { test }),
  };
}

function isChannel(value: unknown): value is string {
  return typeof value === 'string' && channelOf(value) !== undefined;
}
