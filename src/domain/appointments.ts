import { invalid } from './errors.ts';

export const APPOINTMENT_STATUSES = ['scheduled', 'rescheduled', 'cancelled'] as const;

/** One entry of an appointment's history. */
export interface AppointmentStep {
  /** ISO-8601. */
  readonly at: string;
  /** `created`, `rescheduled` or `cancelled`. */
  readonly action: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
}

/** A scheduled call with a person (reference, "People"). Written by the runtime. */
export interface Appointment {
  readonly id: string;
  readonly version: number;
  /** ISO-8601, UTC. */
  readonly startUtc: string;
  readonly durationMinutes: number;
  /** IANA. */
  readonly prospectTimezone: string;
  readonly status: (typeof APPOINTMENT_STATUSES)[number];
  readonly representativeName?: string;
  readonly representativeTitle?: string;
  readonly notes?: string;
  readonly history: readonly AppointmentStep[];
  /** ISO-8601. */
  readonly createdAt: string;
  /** ISO-8601. */
  readonly updatedAt: string;
}

/** An appointment as the runtime books it. */
export interface NewAppointment
  extends Pick<Appointment, 'startUtc' | 'durationMinutes' | 'prospectTimezone'> {
  readonly representativeName?: string;
  readonly representativeTitle?: string;
  readonly notes?: string;
}

export const MIN_CALL_MINUTES = 1;
export const MAX_CALL_MINUTES = 24 * 60;
const MAX_STEPS = 100;

/** @throws DomainError `request.invalid` on a length out of range */
export function bookedAppointment(
  input: NewAppointment,
  at: string,
): Omit<Appointment, 'id' | 'version'> {
  const { durationMinutes } = input;
  if (durationMinutes < MIN_CALL_MINUTES || durationMinutes > MAX_CALL_MINUTES) {
    const message = `must be from ${MIN_CALL_MINUTES} to ${MAX_CALL_MINUTES}`;
    throw invalid([{ path: 'durationMinutes', message }]);
  }
  return {
    ...input,
    status: 'scheduled',
    history: [{ at, action: 'created', to: input.startUtc }],
    createdAt: at,
    updatedAt: at,
  };
}

/** A cancelled appointment that is given a new time is no longer cancelled. */
export function rescheduled<A extends Appointment>(
  appointment: A,
  startUtc: string,
  at: string,
  reason?: string,
): A {
  const step = { at, action: 'rescheduled', from: appointment.startUtc, to: startUtc };
  return stepped({ ...appointment, startUtc, status: 'rescheduled' }, step, reason);
}

export function cancelled<A extends Appointment>(appointment: A, at: string, reason?: string): A {
  if (appointment.status === 'cancelled') return appointment;
  const step = { at, action: 'cancelled', from: appointment.startUtc };
  return stepped({ ...appointment, status: 'cancelled' }, step, reason);
}

/** Keeps at most `MAX_STEPS`: the first step and the latest ones. */
function stepped<A extends Appointment>(
  appointment: A,
  step: AppointmentStep,
  reason: string | undefined,
): A {
  const [first, ...rest] = [...appointment.history, { ...step, ...(reason && { reason }) }];
  const kept = rest.slice(1 - MAX_STEPS);
  return { ...appointment, history: first ? [first, ...kept] : kept };
}
