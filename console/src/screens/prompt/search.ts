import { channelNames } from '../../texts/names.ts';
import type { Channel } from '../../ui/channel-name.ts';

/** What the address of the screen says: the conversation. */
export interface PromptSearch {
  readonly playbook?: string;
  readonly person?: string;
  readonly channel?: Channel;
}

export function promptSearch({
  playbook,
  person,
  channel,
}: Readonly<Record<string, unknown>>): PromptSearch {
  return {
    ...(typeof playbook === 'string' && { playbook }),
    ...(typeof person === 'string' && { person }),
    ...(isChannel(channel) && { channel }),
  };
}

export function isChannel(value: unknown): value is Channel {
  return typeof value === 'string' && Object.hasOwn(channelNames, value);
}
