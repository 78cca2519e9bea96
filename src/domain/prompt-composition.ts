import type { AgentContent } from './agents.ts';
import type { AgentMessageTemplate } from './message-templates.ts';
import type { AgentPersonality } from './personality.ts';
import type { AgentPlaybook } from './playbooks.ts';
import { guardrailParts } from './prompt-guardrails.ts';
import { authored, headed, item, layout, type Piece, type PromptPart } from './prompt-parts.ts';
import { skillWithheld, toolsWithheld, type Withheld } from './prompt-withheld.ts';
import { renderMessageTemplate } from './rendering.ts';
import { type SlotPerson, slotValues } from './slot-values.ts';
import type { ExampleTurn, GuardrailTemplate, SystemSkill } from './templates.ts';
import type { ProblemOfTool } from './tool-problems.ts';

/** The agent as it is stored, or a name and a definition as an export contains it. */
export interface PromptAgent
  extends Pick<
    AgentContent,
    'name' | 'identity' | 'guardrails' | 'objectives' | 'playbooks' | 'skills' | 'messageTemplates'
  > {
  readonly personality?: AgentPersonality | null;
}

/** The data of a prompt besides the choice of the conversation. */
export interface PromptSources {
  readonly agent: PromptAgent;
  readonly systemSkills: readonly SystemSkill[];
  /** Names the origins of guardrails; the text does not depend on it. */
  readonly guardrailTemplates: readonly GuardrailTemplate[];
  readonly problemOfTool: ProblemOfTool;
}

/** The person that a conversation is with. */
export interface Recipient {
  readonly person: SlotPerson;
  /** The name of the agent's org. */
  readonly companyName: string;
}

/** Some parts of a prompt, and what they lack. */
export interface Composed {
  readonly parts: readonly PromptPart[];
  readonly withheld: readonly Withheld[];
}

/** The parts that precede the active playbook, the same for every playbook. */
export function sharedParts({ agent, guardrailTemplates }: PromptSources): readonly PromptPart[] {
  const { identity, personality, guardrails = {}, objectives = [] } = agent;
  const preamble = authored('identityPreamble', identity.identityPreamble);
  const voice = authored('text', personality?.text, personality?.derivedFrom);
  const ranked = objectives.toSorted((a, b) => a.priority - b.priority);
  return [
    ...(preamble.length > 0
      ? [{ section: 'identity', gap: '\n\n', pieces: preamble } satisfies PromptPart]
      : []),
    ...(voice.length > 0
      ? [
          {
            section: 'personality',
            gap: '\n\n',
            pieces: [layout('# Personality\n\n'), ...voice],
          } satisfies PromptPart,
        ]
      : []),
    ...guardrailParts(guardrails, guardrailTemplates),
    ...headed(
      'objectives',
      '# Objectives\n\nIf two conflict, the earlier one wins.',
      ranked.map((objective) => item('objectives', '##', objective)),
    ),
  ];
}

/**
 * The active playbook, its examples, its message templates and its skills. The system skills
 * follow its own: every agent has them. Without a playbook, every skill of the agent is used.
 *
 * @param recipient if given, message templates are rendered for this person
 */
export function playbookParts(
  sources: PromptSources,
  playbook: AgentPlaybook | undefined,
  recipient?: Recipient,
): Composed {
  const { agent, problemOfTool } = sources;
  const { skills = [] } = agent;
  const used = playbook ? (playbook.skillRefs ?? []) : skills.map(({ id }) => id);
  const messages = messageParts(agent, playbook?.messageTemplateRefs ?? [], recipient);
  const instructed = skillParts(sources, used);
  return {
    parts: [
      ...(playbook ? [item('playbooks', '# Playbook:', playbook, examplePieces(playbook))] : []),
      ...headed('messageTemplates', '## Prepared messages', messages.parts),
      ...headed('skills', '# Skills', instructed.parts),
    ],
    withheld: [
      ...toolsWithheld(playbook?.toolRefs ?? [], problemOfTool),
      ...messages.withheld,
      ...instructed.withheld,
    ],
  };
}

/** The entry of a playbook in the index of the others; undefined if it has no `whenToUse`. */
export function indexPart({ id, whenToUse, derivedFrom }: AgentPlaybook): PromptPart | undefined {
  const text = authored('whenToUse', whenToUse, derivedFrom);
  if (text.length === 0) return undefined;
  const pieces = [layout('- '), ...authored('id', id), layout(': '), ...text];
  return { section: 'playbooks', itemId: id, gap: '\n', pieces };
}

/** The index of the playbooks that the agent can switch to. */
export function indexParts(others: readonly AgentPlaybook[]): Composed {
  const parts: PromptPart[] = [];
  const withheld: Withheld[] = [];
  for (const playbook of others) {
    const part = indexPart(playbook);
    if (part) parts.push(part);
    else withheld.push({ kind: 'playbook', id: playbook.id, reason: 'no_when_to_use' });
  }
  return {
    parts: headed(
      'playbooks',
      '# Other playbooks\n\nSwitch to one of these when it describes the moment better.\n',
      parts,
    ),
    withheld,
  };
}

/** The channel of the conversation. It is last, because it is not part of the agent. */
export function channelParts(channel: string | undefined): readonly PromptPart[] {
  const text = authored('channel', channel);
  if (text.length === 0) return [];
  const pieces = [layout('# Channel\n\nThis conversation is on '), ...text, layout('.')];
  return [{ section: 'channels', gap: '\n\n', pieces }];
}

function examplePieces({ examples = [], derivedFrom }: AgentPlaybook): readonly Piece[] {
  const texts = examples.map(exampleText);
  const shown = texts.flatMap((text, i) => authored(`examples[${i}]`, text, derivedFrom));
  return shown.flatMap((piece, i) => [layout(`\n\n## Example ${i + 1}\n\n`), piece]);
}

function exampleText(turns: readonly ExampleTurn[]): string {
  return turns.map(({ role, content }) => `${role}: ${content.trim()}`).join('\n');
}

function messageParts(
  agent: PromptAgent,
  ids: readonly string[],
  recipient: Recipient | undefined,
): Composed {
  const templates = new Map(agent.messageTemplates?.map((one) => [one.id, one]));
  const values = recipient && slotValues(agent, recipient.companyName, recipient.person);
  const textOf = (template: AgentMessageTemplate) =>
    values ? renderMessageTemplate(template, values).renderedText : template.body;
  const parts: PromptPart[] = [];
  const withheld: Withheld[] = [];
  for (const id of ids) {
    const template = templates.get(id);
    const body = template && textOf(template);
    if (template && body) parts.push(item('messageTemplates', '###', { ...template, body }));
    else {
      const absent = body === null ? 'message_blocked' : 'message_omitted';
      withheld.push({ kind: 'messageTemplate', id, reason: template ? absent : 'not_found' });
    }
  }
  return { parts, withheld };
}

function skillParts(
  { agent, systemSkills, problemOfTool }: PromptSources,
  ids: readonly string[],
): Composed {
  const own = new Map(agent.skills?.map((skill) => [skill.id, skill]));
  const system = new Map(systemSkills.map((skill) => [skill.id, { ...skill, enabled: true }]));
  const parts: PromptPart[] = [];
  const withheld: Withheld[] = [];
  for (const id of new Set([...ids, ...system.keys()])) {
    const skill = own.get(id) ?? system.get(id);
    const problem = skillWithheld(id, skill, problemOfTool);
    if (problem) withheld.push(problem);
    else if (skill) parts.push(item('skills', '##', skill));
  }
  return { parts, withheld };
}
