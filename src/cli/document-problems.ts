import { documentIn } from '../../schema/definitions.ts';
import { buildSchema } from '../../schema/index.ts';
import { loadCatalog } from '../catalog/load.ts';
import type { Agent } from '../domain/agents.ts';
import { definitionProblems, withDefinition } from '../domain/definitions.ts';
import { DomainError, type Problem } from '../domain/errors.ts';
import type { DefinitionInput } from '../domain/sections.ts';

const schema = buildSchema();
const catalog = loadCatalog();

/**
 * Every problem for which a server of this version would refuse to create an agent from a
 * document. A section that is left out is one of the agent's: references to its items are accepted.
 */
export function problemsOfDocument(value: object): readonly Problem[] {
  try {
    const input = documentIn(schema, value);
    return definitionProblems(input, withDefinition(agentFor(input), input, catalog), catalog);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ path: '', message: error.message }];
  }
}

/** An agent with the items that a definition refers to. The sections of the definition replace them. */
function agentFor({ playbooks, outreach }: DefinitionInput): Agent {
  const skillIds = (playbooks ?? []).flatMap(({ skillRefs }) => skillRefs ?? []);
  const templateIds = (playbooks ?? []).flatMap((it) => it.messageTemplateRefs ?? []);
  const greeting = outreach?.greetingTemplateId;
  return {
    org: '',
    id: '',
    uid: '',
    historyId: '',
    version: 1,
    name: '',
    identity: {},
    createdAt: '',
    updatedAt: '',
    skills: [...new Set(skillIds)]
      .filter((id) => !catalog.systemSkills.get(id))
      .map((id) => ({ id, name: id, body: id, enabled: true })),
    messageTemplates: [...new Set([...templateIds, ...(greeting == null ? [] : [greeting])])].map(
      (id) => ({ id, name: id, body: id }),
    ),
  };
}
