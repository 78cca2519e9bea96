import type { Agent } from './agents.ts';
import type { CatalogView } from './catalog-view.ts';
import type { Problem } from './errors.ts';
import type { AgentPlaybook } from './playbooks.ts';

/** The fields of a playbook that refer to other items. */
export const REF_FIELDS = ['skillRefs', 'toolRefs', 'messageTemplateRefs'] as const;
export type RefField = (typeof REF_FIELDS)[number];
type Refs = { readonly [F in RefField]?: readonly string[] | null | undefined };

/** Whether a playbook of the agent may refer to an id, by field. */
export type Referable = { readonly [F in RefField]: (id: string) => boolean };

export function referableBy(
  { skills = [], messageTemplates = [] }: Pick<Agent, 'skills' | 'messageTemplates'>,
  { systemSkills, tools }: Pick<CatalogView, 'systemSkills' | 'tools'>,
): Referable {
  const skillIds = new Set([...skills, ...systemSkills.list()].map(({ id }) => id));
  const messageIds = new Set(messageTemplates.map(({ id }) => id));
  return {
    skillRefs: (id) => skillIds.has(id),
    toolRefs: (id) => tools.get(id) !== undefined,
    messageTemplateRefs: (id) => messageIds.has(id),
  };
}

const NOUNS: Readonly<Record<RefField, string>> = {
  skillRefs: 'the agent has no skill',
  toolRefs: 'the catalog has no tool',
  messageTemplateRefs: 'the agent has no message template',
};

/** References in one field of a playbook. Bounded because GraphQL can follow each one. */
export const MAX_REFS = 50;

/**
 * Every reference that does not exist or is repeated, and every list that is too long.
 *
 * @param path ends in a dot where it is not empty
 */
export function refProblems(refs: Refs, referable: Referable, path = ''): Problem[] {
  return REF_FIELDS.flatMap((field) => {
    const ids = refs[field] ?? [];
    if (ids.length > MAX_REFS) {
      return [{ path: `${path}${field}`, message: `must have at most ${MAX_REFS} references` }];
    }
    return ids.flatMap((id, i) => {
      const at = `${path}${field}[${i}]`;
      if (!referable[field](id)) return [{ path: at, message: `${NOUNS[field]} '${id}'` }];
      return ids.indexOf(id) < i ? [{ path: at, message: `'${id}' is repeated` }] : [];
    });
  });
}

/** The agent without its playbooks' references to a skill. */
export function withoutSkillRef(agent: Agent, skillId: string): Agent {
  if (!agent.playbooks?.some(({ skillRefs }) => skillRefs?.includes(skillId))) return agent;
  const playbooks = agent.playbooks.map((playbook): AgentPlaybook => {
    const { skillRefs } = playbook;
    if (!skillRefs?.includes(skillId)) return playbook;
    return { ...playbook, skillRefs: skillRefs.filter((id) => id !== skillId) };
  });
  return { ...agent, playbooks };
}

/**
 * The agent without its playbooks' references to skills and message templates that it
 * does not have. References to tools are kept: they belong to the catalog.
 */
export function withoutDanglingRefs(agent: Agent, catalog: CatalogView): Agent {
  const { playbooks } = agent;
  if (!playbooks) return agent;
  const referable = referableBy(agent, catalog);
  return {
    ...agent,
    playbooks: playbooks.map((playbook) => ({
      ...playbook,
      ...(playbook.skillRefs && { skillRefs: playbook.skillRefs.filter(referable.skillRefs) }),
      ...(playbook.messageTemplateRefs && {
        messageTemplateRefs: playbook.messageTemplateRefs.filter(referable.messageTemplateRefs),
      }),
    })),
  };
}
