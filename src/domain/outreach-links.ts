import type { Agent } from './agents.ts';
import type { ChannelBinding } from './channels.ts';
import { DomainError, invalid, type Problem } from './errors.ts';
import { setFields } from './patch.ts';

/** A link with which people ask an agent to message them (reference, "Outreach links"). */
export interface OutreachLink {
  readonly id: string;
  /** URL-safe and unguessable: anyone who has it may redeem the link. */
  readonly code: string;
  /** The RCS binding on which the conversations start. */
  readonly bindingId: string;
  readonly label?: string;
  readonly maxUses: number;
  readonly redemptionCount: number;
  /** ISO-8601. */
  readonly expiresAt: string;
  readonly disabled: boolean;
  /** ISO-8601. */
  readonly createdAt: string;
}

export interface CreateOutreachLinkInput {
  readonly bindingId: string;
  readonly label?: string | null | undefined;
  readonly maxUses?: number | null | undefined;
  /** ISO-8601. */
  readonly expiresAt?: string | null | undefined;
}

export const MAX_USES = 500;
const DEFAULT_USES = 25;
const DAY_MS = 24 * 60 * 60 * 1_000;
const MAX_DAYS = 30;
const DEFAULT_DAYS = 14;

/** @throws DomainError `request.invalid` */
export function newOutreachLink(
  agent: Pick<Agent, 'channels'>,
  input: CreateOutreachLinkInput,
  now: Date,
): Omit<OutreachLink, 'id' | 'code'> {
  const { bindingId, label } = input;
  const maxUses = input.maxUses ?? DEFAULT_USES;
  const expiresAt = input.expiresAt ?? daysAfter(now, DEFAULT_DAYS);
  const problems: Problem[] = [];
  if (!isRcs(agent.channels?.find(({ id }) => id === bindingId))) {
    problems.push({ path: 'bindingId', message: 'is not an rcs binding of this agent' });
  }
  if (maxUses < 1 || maxUses > MAX_USES) {
    problems.push({ path: 'maxUses', message: `must be from 1 to ${MAX_USES}` });
  }
  if (expiresAt <= now.toISOString() || expiresAt > daysAfter(now, MAX_DAYS)) {
    const message = `must be in the future, at most ${MAX_DAYS} days from now`;
    problems.push({ path: 'expiresAt', message });
  }
  if (problems.length > 0) throw invalid(problems);
  return {
    bindingId,
    ...setFields<{ label?: string }>({ label }),
    maxUses,
    redemptionCount: 0,
    expiresAt,
    disabled: false,
    createdAt: now.toISOString(),
  };
}

export function usesRemaining({
  maxUses,
  redemptionCount,
}: Pick<OutreachLink, 'maxUses' | 'redemptionCount'>): number {
  return maxUses - redemptionCount;
}

/**
 * Counts one use of a link.
 *
 * @param binding the link's binding; undefined if the agent no longer has it
 * @throws DomainError `outreach_link.disabled`, `.expired`, `.used_up`, `.channel_inactive`
 */
export function redeemLink<L extends OutreachLink>(
  link: L,
  binding: ChannelBinding | undefined,
  now: Date,
): L {
  if (link.disabled) throw new DomainError('outreach_link.disabled', 'the link is paused');
  if (link.expiresAt <= now.toISOString()) {
    throw new DomainError('outreach_link.expired', `the link expired at ${link.expiresAt}`);
  }
  if (usesRemaining(link) < 1) {
    throw new DomainError(
      'outreach_link.used_up',
      `the link has been used ${link.maxUses} times, which is its maximum`,
    );
  }
  if (!isRcs(binding) || binding?.status !== 'Active') {
    throw new DomainError(
      'outreach_link.channel_inactive',
      'the channel of the link is not in service',
    );
  }
  return { ...link, redemptionCount: link.redemptionCount + 1 };
}

function isRcs(binding: ChannelBinding | undefined): boolean {
  return binding?.channel === 'rcs';
}

function daysAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY_MS).toISOString();
}
