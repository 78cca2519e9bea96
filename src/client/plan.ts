import type { AgentDocument } from './agent-file.ts';
import type { Api } from './api.ts';
import { sectionText } from './drift.ts';
import { ServerError } from './failure.ts';

/** The side that wins where both have changed the same. */
export const SIDES = ['theirs', 'yours'] as const;
export type Side = (typeof SIDES)[number];

/** One field that a push would change. */
export interface Change {
  readonly section: string;
  readonly itemId?: string;
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A field that was changed on both sides. */
export interface Conflict {
  readonly section: string;
  readonly itemId?: string;
  readonly path: string;
  readonly base?: unknown;
  readonly theirs?: unknown;
  readonly yours?: unknown;
  readonly theirActor?: { readonly id: string; readonly name?: string };
  readonly theirVersion?: number;
  readonly theirAt?: string;
}

export interface Blocker {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly field: string;
  readonly message: string;
}

/** What a push would make of an agent. */
export interface Plan {
  /** Carries it out exactly as shown. Null if it would be refused. */
  readonly plan: string | null;
  readonly baseVersion: number;
  readonly changes: readonly Change[];
  readonly conflicts: readonly Conflict[];
  readonly blockers: readonly Blocker[];
  readonly readiness: { readonly before: readonly Finding[]; readonly after: readonly Finding[] };
  /** The definition that the agent would have, without who it is. */
  readonly definition: Readonly<Record<string, unknown>>;
}

const FINDING = '{ code severity field message }';
const PLAN = `query ($org: ID!, $agent: ID!, $document: String!, $base: Int!, $onConflict: OnConflict) {
  org(id: $org) {
    agent(id: $agent) {
      planImport(document: $document, base: $base, onConflict: $onConflict) {
        plan baseVersion
        changes { section itemId path kind before after }
        conflicts {
          section itemId path base theirs yours theirVersion theirAt theirActor { id name }
        }
        blockers { code path message }
        readiness { before ${FINDING} after ${FINDING} }
        definition(format: JSON)
      }
    }
  }
}`;

interface PlanAnswer {
  readonly org: {
    readonly agent: {
      readonly planImport: Omit<Plan, 'definition'> & { readonly definition: string };
    } | null;
  } | null;
}

/** A definition that is merged into an agent. */
export interface Import {
  readonly org: string;
  readonly agent: string;
  /** The definition as JSON. */
  readonly document: string;
  /** The version that it was made from. */
  readonly base: number;
  readonly onConflict: Side | undefined;
}

/** The definition in a document, as text. */
export function definitionText({ agent: _, ...definition }: AgentDocument): string {
  return JSON.stringify(definition);
}

/**
 * What an import would make of an agent. Nothing is written.
 *
 * @returns undefined if there is no such agent any more
 * @throws ServerError `version.not_found`, `request.invalid`; Unreachable
 */
export async function planOf(api: Api, given: Import): Promise<Plan | undefined> {
  const variables = { ...given, onConflict: given.onConflict?.toUpperCase() };
  const answer = await api.query<PlanAnswer>(PLAN, variables, ['agent.not_found']);
  const plan = answer.org?.agent?.planImport;
  if (!plan) return undefined;
  const { readiness } = plan;
  return {
    ...plan,
    changes: plan.changes.map((it) => ({ ...spelt(it), kind: lower(it.kind) })),
    conflicts: plan.conflicts.map(spelt),
    readiness: {
      before: readiness.before.map(findingOf),
      after: readiness.after.map(findingOf),
    },
    definition: JSON.parse(plan.definition) as Plan['definition'],
  };
}

/** A field without what GraphQL spells as null, and its section as files spell it. */
function spelt<T extends { readonly section: string }>(field: T): T {
  const given = Object.entries(field).filter(([, value]) => value !== null);
  return { ...(Object.fromEntries(given) as T), section: sectionText(field.section) };
}

function findingOf(finding: Finding): Finding {
  return { ...finding, severity: finding.severity.toLowerCase() };
}

function lower<T extends string>(text: T): T {
  return text.toLowerCase() as T;
}

const APPLY = `mutation (
  $org: ID!, $agent: ID!, $document: String!, $base: Int!, $onConflict: OnConflict, $plan: String!
) {
  importAgent(
    org: $org, agent: $agent, document: $document, base: $base, onConflict: $onConflict, plan: $plan
  ) { agent { version } }
}`;

/**
 * Carries a plan out. Sent again after an interruption, it changes nothing twice.
 *
 * @param message why the change is made
 * @throws ServerError `plan.stale` if the agent has changed since; Unreachable if the outcome is unknown
 */
export async function carriedOut(
  api: Api,
  given: Import,
  plan: string,
  message: string | undefined,
): Promise<void> {
  const variables = { ...given, onConflict: given.onConflict?.toUpperCase(), plan };
  try {
    await api.write(APPLY, variables, message);
  } catch (error) {
    // The answer to an earlier attempt was lost.
    if (error instanceof ServerError && error.code === 'plan.used') return;
    throw error;
  }
}
