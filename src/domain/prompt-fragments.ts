import type { ReadinessAgent } from './readiness.ts';

/** A text of an agent that becomes part of prompts. */
export interface Fragment {
  /** Its path within the agent, with items by id, e.g. `skills[call-booking].body`. */
  readonly field: string;
  /** The item that it belongs to. */
  readonly id?: string;
  readonly text: string;
  /** The playbooks whose prompts contain it; undefined if every prompt does. */
  readonly playbooks?: ReadonlySet<string>;
}

/** The texts of an agent's prompts in their order. Disabled skills and skills without use are omitted. */
export function fragmentsOf(agent: ReadinessAgent): readonly Fragment[] {
  const { identity, personality, guardrails = {}, objectives = [], playbooks = [] } = agent;
  const { topicsToAvoid, claimsNotToMake, requiredDisclaimers, additionalRules } = guardrails;
  const lists = { topicsToAvoid, claimsNotToMake, requiredDisclaimers };
  return [
    ...single('identity.identityPreamble', identity.identityPreamble),
    ...single('personality.text', personality?.text),
    ...Object.entries(lists).flatMap(([list, lines = []]) =>
      lines.map((text, i) => ({ field: `guardrails.${list}[${i}]`, text })),
    ),
    ...single('guardrails.additionalRules', additionalRules),
    ...objectives.map(({ id, body }) => ({ field: `objectives[${id}].body`, id, text: body })),
    ...playbooks.map(({ id, body }) => ({
      field: `playbooks[${id}].body`,
      id,
      text: body,
      playbooks: new Set([id]),
    })),
    ...skillFragments(agent),
  ];
}

/** Whether some prompt contains both. */
export function canMeet(one: Fragment, other: Fragment): boolean {
  if (!one.playbooks || !other.playbooks) return true;
  for (const id of one.playbooks) if (other.playbooks.has(id)) return true;
  return false;
}

function single(field: string, text: string | undefined): readonly Fragment[] {
  return text === undefined ? [] : [{ field, text }];
}

function skillFragments({ skills = [], playbooks = [] }: ReadinessAgent): readonly Fragment[] {
  const users = new Map<string, Set<string>>();
  for (const playbook of playbooks) {
    for (const ref of playbook.skillRefs ?? []) {
      users.set(ref, (users.get(ref) ?? new Set()).add(playbook.id));
    }
  }
  return skills
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, body }): readonly Fragment[] => {
      const fragment = { field: `skills[${id}].body`, id, text: body };
      // Without a playbook, every skill is used.
      if (playbooks.length === 0) return [fragment];
      const used = users.get(id);
      return used ? [{ ...fragment, playbooks: used }] : [];
    });
}
