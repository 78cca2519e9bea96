import { createHash } from 'node:crypto';
import type { AgentKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import { type ChangeDoc, changeKey, ordinalOf } from '../changes/collection.ts';
import {
  type Agent,
  type AgentContent,
  assertAgentFits,
  type CreateAgentInput,
  isAbsent,
} from '../domain/agents.ts';
import { type Change, diff } from '../domain/changes.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError, type ErrorCode, type Problem } from '../domain/errors.ts';
import type { ItemChange } from '../domain/items.ts';
import type { Conflict } from '../domain/merge.ts';
import { boundedConflicts, MergeConflict, type ReportedConflict } from '../domain/merge-import.ts';
import { accepted, type Outcome } from '../domain/outcome.ts';
import {
  assertPlanFor,
  assertPlanHolds,
  callerOf,
  PLAN_MS,
  type PlanClaims,
  planUsed,
} from '../domain/plans.ts';
import type { Finding } from '../domain/readiness.ts';
import { AGENT_PARTS } from '../domain/sections.ts';
import type { ReadinessReads, ReadinessService } from '../readiness/service.ts';
import { assertVersion } from '../records/records.ts';
import type { Collection } from '../store/port.ts';
import type { ToolBindingService } from '../tool-bindings/service.ts';
import { attributed, type Work } from '../work.ts';
import type { Intention } from './intention.ts';
import type { PlanTokens } from './tokens.ts';

/** What a change would make of an agent. */
export interface Plan {
  /** Carries the change out as it is shown. Unset if it would be refused. */
  readonly token?: string;
  /** The version of the agent that it was made for; 0 if the change would create the agent. */
  readonly baseVersion: number;
  readonly changes: readonly Change[];
  /** Those that a side wins, too. */
  readonly conflicts: readonly ReportedConflict[];
  /** Why the change would be refused. */
  readonly blockers: readonly Blocker[];
  readonly readiness: { readonly before: readonly Finding[]; readonly after: readonly Finding[] };
  /** The agent that the change would leave; of a change that would be refused, as far as it goes. */
  readonly after: Agent;
}

/** A problem that refuses a change, and the code of the refusal. */
export interface Blocker extends Problem {
  readonly code: ErrorCode;
}

/** A change that was made, of an agent that may have been created by it. */
export interface Made<T> extends ItemChange<T> {
  readonly created: boolean;
}

interface Parts {
  readonly agents: Pick<AgentService, 'createFrom' | 'createNamed' | 'find' | 'withDefaults'>;
  readonly toolBindings: Pick<ToolBindingService, 'changeAll'>;
  readonly readiness: ReadinessService;
  readonly changes: Pick<Collection<ChangeDoc>, 'get'>;
  readonly tokens: PlanTokens;
  readonly effects: Pick<Effects, 'now' | 'uid'>;
}

const MAX_ATTEMPTS = 20;

/** Shows what changes would make of agents, and carries them out exactly as they were shown. */
export class PlanService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * What a change would make of the agent. Writes nothing.
   *
   * @param agent if it does not exist, as `absentAgent`
   * @throws DomainError `version.mismatch`, and with what the change cannot be previewed
   */
  async preview(
    work: Work,
    agent: Agent,
    expectedVersion: number | null | undefined,
    intention: Intention<unknown>,
    reads: ReadinessReads,
  ): Promise<Plan> {
    assertVersion(agent, expectedVersion ?? undefined);
    // It depends on the clock, and its token is for this caller alone.
    work.reads?.other();
    const outcome = await work.inTurn(() => fitting(intention.outcomeOf(agent)));
    const { after, refusal, conflicts = [] } = outcome;
    const changes = await work.inTurn(() => diff(agent, after));
    const { agents, readiness } = this.#parts;
    const isNew = isAbsent(agent);
    const left = isNew ? agents.withDefaults(after) : after;
    return {
      ...(!refusal && { token: await this.#tokenOf(work, agent, intention, after) }),
      baseVersion: isNew ? 0 : agent.version,
      changes,
      conflicts: boundedConflicts((await intention.attributed?.(agent, conflicts)) ?? conflicts),
      blockers: refusal ? await blockersOf(refusal, intention) : [],
      readiness: {
        before: isNew ? [] : await readiness.of(work, agent, reads),
        after: await readiness.of(work, left, reads),
      },
      after: left,
    };
  }

  /**
   * Makes a change.
   *
   * @param token of a plan of the change, if it is to be made exactly as it was shown
   * @throws DomainError `agent.not_found`, `version.mismatch`, `agent.too_large`, what the change is
   *   refused with, and with a token `PLAN_REFUSALS`
   */
  carryOut<T>(
    work: Work,
    ref: AgentKey,
    expectedVersion: number | null | undefined,
    intention: Intention<T>,
    token: string | null | undefined,
  ): Promise<ItemChange<T>> {
    return this.#carryOut(work, ref, intention, token, (work, change) =>
      this.#parts.toolBindings.changeAll(work, ref, expectedVersion, change),
    );
  }

  /**
   * Makes a change, or creates the agent by it if it does not exist.
   *
   * @throws DomainError as `carryOut`, and `version.contended`
   */
  carryOutOrCreate<T>(
    work: Work,
    ref: AgentKey,
    intention: Intention<T>,
    token: string | null | undefined,
  ): Promise<Made<T>> {
    const { agents, toolBindings } = this.#parts;
    return this.#carryOut(work, ref, intention, token, async (work, change) => {
      for (let attempt = 1; ; attempt += 1) {
        const exists = (await agents.find(work, ref)) !== undefined;
        try {
          if (!exists) return { ...(await agents.createFrom(work, ref, change)), created: true };
          const changed = await toolBindings.changeAll(work, ref, undefined, change);
          return { ...changed, created: false };
        } catch (error) {
          // It was removed, or created, at the same time.
          const overtaken = exists ? 'agent.not_found' : 'agent.id_taken';
          const isOvertaken = error instanceof DomainError && error.code === overtaken;
          if (!isOvertaken || attempt === MAX_ATTEMPTS) throw error;
        }
      }
    });
  }

  /**
   * Creates an agent. Its id is minted from the name if none is given.
   *
   * @param intention refuses an agent that exists
   * @param token of a plan of the creation, if it is to be made exactly as it was shown
   * @throws DomainError `agent.id_taken`, `agent.too_large`, `version.contended`, what the creation is
   *   refused with, and with a token `PLAN_REFUSALS`
   */
  async create(
    work: Work,
    org: string,
    { id, name }: Pick<CreateAgentInput, 'id' | 'name'>,
    intention: Intention<unknown>,
    token: string | null | undefined,
  ): Promise<Agent> {
    const { agents } = this.#parts;
    if (token == null) {
      const change = (absent: Agent) => accepted(intention.outcomeOf(absent));
      return (await agents.createNamed(work, org, { id, name }, change)).agent;
    }
    // Every plan is for an id, so that it is refused without one.
    const ref = { org, id: id ?? '' };
    return (await this.carryOutOrCreate(work, ref, intention, token)).agent;
  }

  /** @param make makes the change that it is given */
  async #carryOut<T, M>(
    work: Work,
    ref: AgentKey,
    intention: Intention<T>,
    token: string | null | undefined,
    make: (work: Work, change: (agent: Agent) => ItemChange<T>) => Promise<M>,
  ): Promise<M> {
    const claims = token == null ? undefined : await this.#claimsOf(work, ref, intention, token);
    const planned = { ...(claims && { plan: claims.id }) };
    const origin = { ...work.origin, ...intention.origin, ...planned };
    let seen: Seen | undefined;
    try {
      return await make(attributed(work, origin), (agent) => {
        const outcome = intention.outcomeOf(agent);
        seen = { agent, conflicts: outcome.conflicts ?? [] };
        if (claims) assertPlanHolds(claims, agent, resultOf(outcome));
        return accepted(outcome);
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (claims && seen && error.code === 'plan.stale') {
        await this.#assertUnused(work, claims, seen.agent);
      }
      throw await explained(error, intention, seen);
    }
  }

  async #claimsOf(
    work: Work,
    { org, id: agent }: AgentKey,
    { change }: Intention<unknown>,
    token: string,
  ): Promise<PlanClaims> {
    const { tokens, effects } = this.#parts;
    const claims = await tokens.open(token);
    const caller = callerOf(work.origin.actor);
    assertPlanFor(claims, { org, agent, caller, change: hashOf(change), now: effects.now() });
    return claims;
  }

  #tokenOf(
    work: Work,
    { org, id: agent, uid, version }: Agent,
    { change }: Intention<unknown>,
    after: Agent,
  ): Promise<string> {
    const { tokens, effects } = this.#parts;
    return tokens.seal({
      id: effects.uid(),
      org,
      agent,
      uid,
      version,
      caller: callerOf(work.origin.actor),
      change: hashOf(change),
      result: hashOf(contentOf(after)),
      expires: effects.now().getTime() + PLAN_MS,
    });
  }

  /** @throws DomainError `plan.used` if the plan made the version behind the one that it is for */
  async #assertUnused(work: Work, claims: PlanClaims, agent: Agent): Promise<void> {
    const { id, org, version } = claims;
    // The plan of a creation may have created the agent.
    const { uid } = isAbsent(claims) ? agent : claims;
    const key = changeKey('agent', { org, id: claims.agent, uid }, ordinalOf(version + 1));
    const record = await this.#parts.changes.get(work, key, ['plan']);
    if (record?.plan === id) throw planUsed(version + 1);
  }
}

/** What a change was attempted on. */
interface Seen {
  readonly agent: Agent;
  readonly conflicts: readonly Conflict[];
}

/** The outcome, refused if the agent would be too large. */
function fitting<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.refusal) return outcome;
  try {
    assertAgentFits(outcome.after);
    return outcome;
  } catch (error) {
    if (error instanceof DomainError) return { ...outcome, refusal: error };
    throw error;
  }
}

async function blockersOf(
  refusal: DomainError,
  { explained }: Intention<unknown>,
): Promise<readonly Blocker[]> {
  // Conflicts are shown by themselves.
  if (refusal instanceof MergeConflict) return [];
  const { code, message, problems } = (await explained?.(refusal)) ?? refusal;
  if (problems.length === 0) return [{ code, path: '', message }];
  return problems.map((problem) => ({ code, ...problem }));
}

async function explained(
  refusal: DomainError,
  intention: Intention<unknown>,
  seen: Seen | undefined,
): Promise<DomainError> {
  if (refusal instanceof MergeConflict && seen) {
    const { agent, conflicts } = seen;
    const attributed = await intention.attributed?.(agent, conflicts);
    return new MergeConflict(refusal.message, boundedConflicts(attributed ?? conflicts));
  }
  return (await intention.explained?.(refusal)) ?? refusal;
}

/** Undefined if the change is refused. */
function resultOf({ after, refusal }: Outcome<unknown>): string | undefined {
  return refusal ? undefined : hashOf(contentOf(after));
}

function contentOf(agent: AgentContent): readonly unknown[] {
  return AGENT_PARTS.map((part) => agent[part] ?? null);
}

function hashOf(value: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
