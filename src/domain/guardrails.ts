import type { Agent } from './agents.ts';
import { invalid, type Problem } from './errors.ts';
import { fixedProblems } from './items.ts';
import { mergePatch, type Patch, setFields } from './patch.ts';
import type { SectionSpec } from './section-spec.ts';
import { recordShape } from './shapes.ts';
import type { GuardrailTemplate } from './templates.ts';

/** Rules for an agent's behaviour (reference, "Guardrails"). */
export interface AgentGuardrails {
  readonly topicsToAvoid?: readonly string[];
  readonly claimsNotToMake?: readonly string[];
  readonly requiredDisclaimers?: readonly string[];
  /** Rules that fit none of the lists. */
  readonly additionalRules?: string;
  /** The ids of the imported guardrail templates, without repetitions, oldest first. */
  readonly derivedFromTemplates?: readonly string[];
}

export const GUARDRAIL_LISTS = ['topicsToAvoid', 'claimsNotToMake', 'requiredDisclaimers'] as const;
type List = (typeof GUARDRAIL_LISTS)[number];

/** `set` replaces the list. Otherwise `remove` is applied, then `add`. */
export interface GuardrailListPatch {
  readonly set?: readonly string[] | null | undefined;
  readonly add?: readonly string[] | null | undefined;
  readonly remove?: readonly string[] | null | undefined;
}

export type GuardrailsFields = Patch<AgentGuardrails>;
export type UpdateGuardrailsInput = {
  readonly [L in List]?: GuardrailListPatch | null | undefined;
} & {
  readonly additionalRules?: string | null | undefined;
};

/**
 * Replaces the guardrails, except `derivedFromTemplates`.
 *
 * @throws DomainError `request.invalid` if `derivedFromTemplates` is changed
 */
export function replaceGuardrails(agent: Agent, input: GuardrailsFields): Agent {
  const current = agent.guardrails ?? {};
  const problems = fixedProblems(current, input, ['derivedFromTemplates']);
  if (problems.length > 0) throw invalid(problems);
  const { derivedFromTemplates } = current;
  return { ...agent, guardrails: setFields<AgentGuardrails>({ ...input, derivedFromTemplates }) };
}

/**
 * A merge patch, with additions to and removals from the lists.
 *
 * @throws DomainError `request.invalid` if `set` of a list is combined with `add` or `remove`
 */
export function updateGuardrails(agent: Agent, input: UpdateGuardrailsInput): Agent {
  const current = agent.guardrails ?? {};
  const problems = GUARDRAIL_LISTS.flatMap((list) => patchProblems(list, input[list]));
  if (problems.length > 0) throw invalid(problems);
  const lists = GUARDRAIL_LISTS.map((list) => [list, patched(current[list], input[list])] as const);
  const { additionalRules } = input;
  const patch: Patch<AgentGuardrails> = { ...Object.fromEntries(lists), additionalRules };
  return { ...agent, guardrails: mergePatch(current, patch) };
}

/** Appends a template's strings to the three lists, without repetitions (reference, "Guardrails"). */
export function importGuardrails(agent: Agent, template: GuardrailTemplate): Agent {
  const current = agent.guardrails ?? {};
  const lists = GUARDRAIL_LISTS.map(
    (list) => [list, merged(current[list], template[list])] as const,
  );
  const patch: Patch<AgentGuardrails> = {
    ...Object.fromEntries(lists),
    derivedFromTemplates: merged(current.derivedFromTemplates, [template.id]),
  };
  return { ...agent, guardrails: mergePatch(current, patch) };
}

function patchProblems(list: List, patch: GuardrailListPatch | null | undefined): Problem[] {
  if (patch?.set == null || (patch.add == null && patch.remove == null)) return [];
  return [{ path: list, message: 'must have either set, or add and remove' }];
}

function patched(current: readonly string[] = [], patch: GuardrailListPatch | null | undefined) {
  if (patch == null) return patch;
  if (patch.set != null) return patch.set;
  const removed = new Set(patch.remove ?? []);
  return merged(
    current.filter((one) => !removed.has(one)),
    patch.add ?? [],
  );
}

/** Undefined if there is nothing to merge. */
function merged(current: readonly string[] | undefined, more: readonly string[] | undefined) {
  return more && [...new Set([...(current ?? []), ...more])];
}

export const GUARDRAILS_SECTION = {
  description: 'The guardrails.',
  isReadByReadiness: true,
  shape: recordShape<AgentGuardrails>({
    topicsToAvoid: true,
    claimsNotToMake: true,
    requiredDisclaimers: true,
    additionalRules: true,
    derivedFromTemplates: true,
  }),
  secretMarks: null,
  read: ({ guardrails = {} }) => guardrails,
  apply: (agent, guardrails) => ({ ...agent, guardrails }),
  complete: (input) => setFields<AgentGuardrails>(input ?? {}),
  validate: () => [],
  fromTemplate: ({ guardrailTemplateIds }, agent, { guardrailTemplates }) =>
    guardrailTemplateIds?.reduce(
      (merged, id) => importGuardrails(merged, guardrailTemplates.require(id)),
      { ...agent, guardrails: {} } as Agent,
    ).guardrails,
  dropDangling: null,
} as const satisfies SectionSpec<AgentGuardrails, GuardrailsFields>;
