import { channelNames } from '../texts/names.ts';

type Channel = keyof typeof channelNames;

/** The channels as the traffic spells them, e.g. `appleMessages`, with their names. */
export const TRAFFIC_CHANNELS: Readonly<Record<string, string>> = Object.fromEntries(
  (Object.keys(channelNames) as Channel[]).map((it) => [inTraffic(it), channelNames[it]]),
);

function inTraffic(channel: Channel): string {
  return channel.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of a channel as the traffic spells it; runtimes can have others than the catalog. */
export function channelNameOf(channel: string): string {
  return TRAFFIC_CHANNELS[channel] ?? channel;
}
