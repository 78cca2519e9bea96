import { Badge } from '@mantine/core';
import { channelStatuses, grantStates } from '../texts/names.ts';

const CHANNEL_COLOURS: Readonly<Record<keyof typeof channelStatuses, string>> = {
  ACTION_REQUIRED: 'orange',
  ACTIVE: 'green',
  DISABLED: 'gray',
  FAILED: 'red',
  PROVISIONING: 'blue',
  REQUESTED: 'blue',
};

const GRANT_COLOURS: Readonly<Record<keyof typeof grantStates, string>> = {
  CONNECTED: 'green',
  ERROR: 'orange',
  EXPIRED: 'red',
  NOT_CONNECTED: 'orange',
  REVOKED: 'red',
};

export function ChannelBadge({ status }: { readonly status: keyof typeof channelStatuses }) {
  return <Badge color={CHANNEL_COLOURS[status]}>{channelStatuses[status]}</Badge>;
}

export function GrantBadge({ state }: { readonly state: keyof typeof grantStates }) {
  return <Badge color={GRANT_COLOURS[state]}>{grantStates[state]}</Badge>;
}
