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

/** What an import would make of an agent. */
export interface Plan {
  /** Carries it out exactly as shown. Null if it would be refused. */
  readonly plan: string | null;
  /** 0 if the agent would be created. */
  readonly baseVersion: number;
  readonly changes: readonly Change[];
  readonly conflicts: readonly Conflict[];
  readonly blockers: readonly Blocker[];
  readonly readiness: { readonly before: readonly Finding[]; readonly after: readonly Finding[] };
  /** The definition that the agent would have, without its name and description. */
  readonly definition: Readonly<Record<string, unknown>>;
}

interface PlanAnswer {
  readonly org: {
    readonly planImport: (Omit<Plan, 'definition'> & { readonly definition: string }) | null;
  } | null;
}

/** A document that is merged into its agent, or creates it. */
export interface Import {
  readonly org: string;
  /** The document as JSON. */
  readonly document: string;
  /** The version that it was made from. Undefined if it is to create the agent. */
  readonly base: number | undefined;
  readonly onConflict: Side | undefined;
}

/**
 * What an import would make of an agent. Nothing is written.
 *
 * @returns undefined if there is no such agent any more
 * @throws ServerError `version.not_found`, `request.invalid`; Unreachable
 */
export async function planOf(api: Api, given: Import): Promise<Plan | undefined> {
  const variables = { ...given, onConflict: given.onConflict?.toUpperCase() };
  const answer = await api.query<PlanAnswer>('plan', variables, ['agent.not_found']);
  const plan = answer.org?.planImport;
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

/** The document that a plan would leave, with the sections that a definition has. */
export function documentAfter(before: AgentDocument, { changes, definition }: Plan): AgentDocument {
  const agent = { ...before.agent };
  for (const { section, path, after } of changes) {
    if (section === 'agent') Object.assign(agent, { [path]: after });
  }
  return { ...definition, agent };
}

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
    await api.write('apply', variables, message);
  } catch (error) {
    // The answer to an earlier attempt was lost.
    if (error instanceof ServerError && error.code === 'plan.used') return;
    throw error;
  }
}
