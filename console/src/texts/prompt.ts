import type { Names } from './names.ts';

const reasons: Names<'WithheldReason'> = {
  DISABLED: 'It is disabled.',
  MESSAGE_BLOCKED: 'A field that it needs is not set for this person, and blocks the message.',
  MESSAGE_OMITTED: 'A field that it needs is not set for this person, so the message is omitted.',
  NOT_FOUND: 'The agent has no such item.',
  NO_WHEN_TO_USE: 'It does not say when to use it, so the model cannot choose it.',
  TOOL_DISABLED: 'The tool is disabled.',
  TOOL_NOT_BOUND: 'The agent does not use the tool.',
  TOOL_NOT_READY: 'The tool is not fully set up, or is not connected.',
  TOOL_UNKNOWN: 'The catalog does not have the tool.',
};

const kinds: Names<'WithheldKind'> = {
  MESSAGE_TEMPLATE: 'Message template',
  PLAYBOOK: 'Playbook',
  SKILL: 'Skill',
  TOOL: 'Tool',
};

export const promptTexts = {
  playbook: 'Playbook',
  defaultPlaybook: (name: string) => `${name} (default)`,
  channel: 'Channel',
  anyChannel: 'Not named',
  anyPerson: 'Nobody in particular',
  personHint: 'Messages are filled in for this person.',
  text: 'Prompt',
  empty: {
    title: 'The model sees nothing of this agent',
    body: 'It has no identity, personality, rules, objectives, playbooks or skills yet.',
  },
  copy: 'Copy the prompt',
  total: (tokens: number, characters: number) =>
    `About ${tokens.toLocaleString()} tokens, ${characters.toLocaleString()} characters`,
  sizes: 'Tokens by section',
  tokens: (tokens: number) => tokens.toLocaleString(),
  items: (section: string) => `Items of ${section}`,
  withheld: 'Withheld',
  nothingWithheld: 'The model gets everything that the playbook refers to.',
  reasons,
  kinds,
  lacks: (tool: string) => `Needs ${tool}.`,
  origin: 'Origin',
  section: 'Section',
  item: 'Item',
  field: 'Field',
  template: 'Copied from',
  templateVersion: (id: string, version: string) => `${id}, version ${version}`,
  edit: 'Edit',
  close: 'Close',
  /** By the last name of the field's path; the path itself for others. */
  fields: {
    additionalRules: 'Further rules',
    body: 'Text',
    channel: 'Channel',
    claimsNotToMake: 'Claims not to make',
    examples: 'Examples',
    id: 'Id',
    identityPreamble: 'Preamble',
    name: 'Name',
    requiredDisclaimers: 'Required disclaimers',
    text: 'Text',
    topicsToAvoid: 'Topics to avoid',
    whenToUse: 'When to use',
  } as Readonly<Record<string, string>>,
  /** A place in a list counts from 1. */
  numbered: (field: string, number: number) => `${field}, no. ${number}`,
};
