import { DomainError, invalid } from './errors.ts';

/** How agents reach their users (reference, "Channels"). */
export const CHANNEL_NAMES = [
  'rcs',
  'appleMessages',
  'whatsapp',
  'sms',
  'webchat',
  'viber',
  'instagram',
  'slack',
  'poe',
] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export const CHANNEL_MODES = ['managed', 'unmanaged'] as const;
export type ChannelMode = (typeof CHANNEL_MODES)[number];

export const CHANNEL_STATUSES = [
  'Requested',
  'Provisioning',
  'ActionRequired',
  'Active',
  'Failed',
  'Disabled',
] as const;
export type ChannelBindingStatus = (typeof CHANNEL_STATUSES)[number];

/** Who moved a binding: a caller of the API, an operator of this service, or the service itself. */
export const CHANNEL_ACTORS = ['operator', 'sysop', 'system'] as const;
export type ChannelActor = (typeof CHANNEL_ACTORS)[number];

export interface ChannelEvent {
  /** ISO-8601. */
  readonly at: string;
  readonly from?: ChannelBindingStatus;
  readonly to: ChannelBindingStatus;
  readonly note?: string;
  readonly actor: ChannelActor;
}

export interface ChannelDelivery {
  /** Unset is no pacing. */
  readonly minMessageDelayMs?: number;
}

export interface ChannelCompliance {
  readonly enabled: boolean;
  readonly disclaimerText?: string;
}

/** A channel wired to an agent, as the agent's document holds it. */
export interface ChannelBinding {
  readonly id: string;
  readonly channel: ChannelName;
  readonly mode: ChannelMode;
  /** Unmanaged only: whose account serves the channel. */
  readonly provider?: string;
  /** Unmanaged only: where its credentials are in the secret store. Never shown. */
  readonly authId?: string;
  readonly status: ChannelBindingStatus;
  readonly statusDetail?: string;
  /** Oldest first. */
  readonly events: readonly ChannelEvent[];
  readonly routingId?: string;
  /** Managed only. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly delivery?: ChannelDelivery;
  readonly compliance?: ChannelCompliance;
}

/** Where a binding may go from each status (decisions, "Channels"). */
const MOVES: Readonly<Record<ChannelBindingStatus, readonly ChannelBindingStatus[]>> = {
  Requested: ['Provisioning', 'Failed'],
  Provisioning: ['ActionRequired', 'Active', 'Failed'],
  ActionRequired: ['Provisioning', 'Failed'],
  Active: ['Disabled', 'Failed'],
  Disabled: ['Active'],
  Failed: [],
};

/** Statuses that say nothing without a detail: what to do, or what went wrong. */
const EXPLAINED: readonly ChannelBindingStatus[] = ['ActionRequired', 'Failed'];

const EVENTS_AT_MOST = 200;
const TEXT_LENGTH_AT_MOST = 1_000;

export interface ChannelMove {
  readonly to: ChannelBindingStatus;
  /** For the history. */
  readonly note?: string | undefined;
  /** What the status means here, for the agent's operator. */
  readonly detail?: string | undefined;
  /** The provider-side id, once there is one. */
  readonly routingId?: string | undefined;
  readonly actor: ChannelActor;
  /** ISO-8601. */
  readonly at: string;
}

/** @throws DomainError `channel.move_refused`, `request.invalid` on a missing detail */
export function moveBinding(binding: ChannelBinding, move: ChannelMove): ChannelBinding {
  const { to, detail, routingId } = move;
  const targets = MOVES[binding.status];
  if (!targets.includes(to)) {
    const possible = targets.length > 0 ? `only to ${targets.join(' or ')}` : 'nowhere';
    throw new DomainError(
      'channel.move_refused',
      `the binding is ${binding.status} and cannot become ${to}; from there it goes ${possible}`,
    );
  }
  const problems = [
    ...(EXPLAINED.includes(to) && !detail?.trim()
      ? [{ path: 'detail', message: `is required: it explains ${to} to the agent's operator` }]
      : []),
    ...(['detail', 'note', 'routingId'] as const).flatMap((path) =>
      (move[path]?.length ?? 0) > TEXT_LENGTH_AT_MOST
        ? [{ path, message: `may take ${TEXT_LENGTH_AT_MOST} characters at the most` }]
        : [],
    ),
  ];
  if (problems.length > 0) throw invalid(problems);
  const { statusDetail: _, ...rest } = binding;
  return {
    ...rest,
    status: to,
    events: withEvent(binding.events, eventOf(binding.status, move)),
    ...(detail && { statusDetail: detail }),
    ...(routingId && { routingId }),
  };
}

/**
 * Switches a binding off; one that is off already stays as it is.
 *
 * @throws DomainError `channel.move_refused` unless it is Active
 */
export function disableBinding(binding: ChannelBinding, at: string): ChannelBinding {
  if (binding.status === 'Disabled') return binding;
  return moveBinding(binding, { to: 'Disabled', actor: 'operator', at });
}

/**
 * Returns a binding to what it was before it was switched off; one that is
 * Active stays as it is.
 *
 * @throws DomainError `channel.move_refused` on one that is on its way to Active, or failed
 */
export function enableBinding(binding: ChannelBinding, at: string): ChannelBinding {
  if (binding.status === 'Active') return binding;
  if (binding.status !== 'Disabled') {
    throw new DomainError(
      'channel.move_refused',
      `the binding is ${binding.status}: only a Disabled one can be enabled`,
    );
  }
  const was = binding.events.findLast(({ to }) => to === 'Disabled')?.from ?? 'Active';
  return moveBinding(binding, { to: was, actor: 'operator', at });
}

export function eventOf(
  from: ChannelBindingStatus,
  { at, to, note, actor }: ChannelMove,
): ChannelEvent {
  return { at, from, to, ...(note && { note }), actor };
}

/** Bounded: the first event stays, and the latest of the others. */
export function withEvent(
  events: readonly ChannelEvent[],
  event: ChannelEvent,
): readonly ChannelEvent[] {
  if (events.length < EVENTS_AT_MOST) return [...events, event];
  return [...events.slice(0, 1), ...events.slice(2 - EVENTS_AT_MOST), event];
}
