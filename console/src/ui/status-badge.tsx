import { Badge } from '@mantine/core';
import {
  appointmentStatuses,
  channelStatuses,
  grantStates,
  personStatuses,
} from '../texts/names.ts';

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

const PERSON_COLOURS: Readonly<Record<keyof typeof personStatuses, string>> = {
  NEW: 'blue',
  CONTACTED: 'indigo',
  QUALIFIED: 'yellow',
  CONVERTED: 'green',
  LOST: 'gray',
};

const APPOINTMENT_COLOURS: Readonly<Record<keyof typeof appointmentStatuses, string>> = {
  SCHEDULED: 'green',
  RESCHEDULED: 'blue',
  CANCELLED: 'gray',
};

export function PersonBadge({ status }: { readonly status: keyof typeof personStatuses }) {
  return <Badge color={PERSON_COLOURS[status]}>{personStatuses[status]}</Badge>;
}

export function AppointmentBadge({
  status,
}: {
  readonly status: keyof typeof appointmentStatuses;
}) {
  return <Badge color={APPOINTMENT_COLOURS[status]}>{appointmentStatuses[status]}</Badge>;
}

export function ChannelBadge({ status }: { readonly status: keyof typeof channelStatuses }) {
  return <Badge color={CHANNEL_COLOURS[status]}>{channelStatuses[status]}</Badge>;
}

export function GrantBadge({ state }: { readonly state: keyof typeof grantStates }) {
  return <Badge color={GRANT_COLOURS[state]}>{grantStates[state]}</Badge>;
}
