import { type Agent, isAbsent } from './agents.ts';
import { DomainError, type ErrorCode } from './errors.ts';
import type { Actor } from './origin.ts';

/** How long a plan can be carried out. */
export const PLAN_MS = 15 * 60_000;

/** What the token of a plan says. It is sealed: callers can neither read nor change it. */
export interface PlanClaims {
  /** Names the plan in the record of the change that carries it out. */
  readonly id: string;
  readonly org: string;
  /** The agent's id. */
  readonly agent: string;
  /** The agent's uid; empty if the agent does not exist. */
  readonly uid: string;
  /** The agent's version; if the agent does not exist, the last number that its id had. */
  readonly version: number;
  /** The kind and the id of the caller. */
  readonly caller: string;
  /** A hash of what the change is: its kind, its options and its document. */
  readonly change: string;
  /** A hash of the content that it leaves. */
  readonly result: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** A change that is to be made as it was planned. */
export interface PlannedAttempt extends Pick<PlanClaims, 'org' | 'agent' | 'caller' | 'change'> {
  readonly now: Date;
}

/** The codes with which a plan is refused. */
export const PLAN_REFUSALS = [
  'plan.invalid',
  'plan.foreign',
  'plan.mismatch',
  'plan.expired',
  'plan.used',
  'plan.stale',
] as const satisfies readonly ErrorCode[];

/**
 * Checks whether a plan is for a change.
 *
 * @throws DomainError `plan.foreign`, `plan.mismatch`, `plan.expired`
 */
export function assertPlanFor(claims: PlanClaims, attempt: PlannedAttempt): void {
  if (claims.caller !== attempt.caller) {
    throw new DomainError('plan.foreign', 'the plan was made for another caller; make your own');
  }
  if (claims.org !== attempt.org || claims.agent !== attempt.agent) {
    throw new DomainError(
      'plan.mismatch',
      `the plan is for the agent '${claims.agent}' of '${claims.org}'`,
    );
  }
  if (claims.change !== attempt.change) {
    throw new DomainError(
      'plan.mismatch',
      'the plan is for another change: send the operation, the document and the options that it was made with',
    );
  }
  if (claims.expires <= attempt.now.getTime()) {
    throw new DomainError('plan.expired', 'the plan has expired: it is valid for 15 minutes');
  }
}

/**
 * Checks whether the agent is as it was when the plan was made, and becomes what the plan shows.
 *
 * @param agent if it does not exist, as `absentAgent`
 * @param result a hash of the content that the change leaves; undefined if it is refused
 * @throws DomainError `plan.stale`
 */
export function assertPlanHolds(
  claims: PlanClaims,
  agent: Pick<Agent, 'uid' | 'version'>,
  result: string | undefined,
): void {
  if (claims.uid !== agent.uid) throw stale(replacement(claims, agent));
  if (claims.version !== agent.version) {
    throw stale(
      isAbsent(agent)
        ? 'an agent with this id was created and removed since the plan was made'
        : `the plan was made for version ${claims.version}, and the agent is at version ${agent.version}`,
    );
  }
  if (claims.result !== result) {
    throw stale(
      'the change would leave something else than the plan shows: the catalog has changed',
    );
  }
}

/** What happened to an agent that has another uid than that of the plan. */
function replacement(claims: PlanClaims, agent: Pick<Agent, 'uid'>): string {
  if (isAbsent(agent)) return 'the agent was removed since the plan was made';
  return isAbsent(claims)
    ? 'the agent was created since the plan was made'
    : 'the agent was removed since the plan was made, and another one was created';
}

function stale(message: string): DomainError {
  return new DomainError('plan.stale', message);
}

/** @param version the version of the agent that the plan made */
export function planUsed(version: number): DomainError {
  return new DomainError('plan.used', `the plan was carried out: it made version ${version}`);
}

/** The caller that a plan is bound to. */
export function callerOf({ kind, id }: Actor): string {
  return `${kind} ${id}`;
}
