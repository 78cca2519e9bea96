import { channelNames } from '../texts/names.ts';

export type Channel = keyof typeof channelNames;

/** The channels by the names that the traffic and the catalog have for them, e.g. `appleMessages`. */
const CHANNELS: ReadonlyMap<string, Channel> = new Map(
  (Object.keys(channelNames) as Channel[]).map((it) => [spelled(it), it]),
);

function spelled(channel: Channel): string {
  return channel.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The channel that the traffic or the catalog spells so, if the schema has it. */
export function channelOf(name: string): Channel | undefined {
  return CHANNELS.get(name);
}

/** The name of a channel that the traffic spells so; runtimes can have others than the schema. */
export function channelNameOf(name: string): string {
  const channel = channelOf(name);
  return channel ? channelNames[channel] : name;
}

/** The channels as the traffic spells them, for a choice. */
export const CHANNEL_OPTIONS: readonly { readonly value: string; readonly label: string }[] = [
  ...CHANNELS,
].map(([value, channel]) => ({ value, label: channelNames[channel] }));
