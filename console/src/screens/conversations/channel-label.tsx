import { Badge, Group, Text } from '@mantine/core';
import { conversationsTexts } from '../../texts/conversations.ts';
import { channelNameOf } from '../../ui/channel-name.ts';

interface ChannelLabelProps {
  readonly channel: string;
  /** Of test traffic: the channel that the emulator shows. */
  readonly emulatedChannel: string | null;
  readonly test: boolean | null;
}

export function ChannelLabel({ channel, emulatedChannel, test }: ChannelLabelProps) {
  return (
    <Group gap="xs">
      <Text size="sm">
        {emulatedChannel
          ? conversationsTexts.emulated(channelNameOf(emulatedChannel))
          : channelNameOf(channel)}
      </Text>
      {test && <Badge color="gray">{conversationsTexts.testTraffic}</Badge>}
    </Group>
  );
}
