import { channelOf } from '../../ui/channel-name.ts';
import { type DaySearch, daySearch } from '../../ui/days.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

/** What the address of the screen says: the filters and the page. */
export interface ConversationsSearch extends DaySearch, PageSearch {
  /** As the traffic spells it. */
  readonly channel?: string;
  /** The id of a person. */
  readonly person?: string;
  /** The id of a user on a channel, who need not be a known person. */
  readonly user?: string;
  readonly test?: true;
}

export function conversationsSearch(given: Readonly<Record<string, unknown>>): ConversationsSearch {
  const { channel, person, user, test } = given;
  return {
    ...pageSearch(given),
    ...(isChannel(channel) && { channel }),
    ...(typeof person === 'string' && { person }),
    // The router reads a phone number without its plus as a number.
    ...((typeof user === 'string' || typeof user === 'number') && { user: String(user) }),
    ...daySearch(given),
    ...(test === true && { test }),
  };
}

function isChannel(value: unknown): value is string {
  return typeof value === 'string' && channelOf(value) !== undefined;
}
