import { LENGTHS, MAX_LIST_LENGTH } from '../src/domain/lengths.ts';

/** Texts that callers send, by kind: `name: t.field({ ...TEXT.name, description: … })`. */
export const TEXT = {
  /** A name, a label, a job title. */
  name: { type: 'NonBlank', maxLength: LENGTHS.name },
  fullName: { type: 'NonBlank', maxLength: LENGTHS.fullName },
  description: { type: 'String', maxLength: LENGTHS.description },
  /** When to use a playbook, an identity preamble. */
  paragraph: { type: 'String', maxLength: LENGTHS.paragraph },
  /** Instructions for the model, or the text of a message. */
  prompt: { type: 'NonBlank', maxLength: LENGTHS.prompt },
  /** As `prompt`, and may be blank. */
  rules: { type: 'String', maxLength: LENGTHS.prompt },
  disclaimer: { type: 'NonBlank', maxLength: LENGTHS.disclaimer },
  notes: { type: 'String', maxLength: LENGTHS.notes },
  journal: { type: 'NonBlank', maxLength: LENGTHS.journal },
  /** The version of a template. */
  version: { type: 'String', maxLength: LENGTHS.version },
  search: { type: 'String', maxLength: LENGTHS.search },
  /** The name of a channel of the traffic. */
  channel: { type: 'String', maxLength: LENGTHS.event },
  /** The name of an event. */
  event: { type: 'String', maxLength: LENGTHS.event },
  /** The text of a definition. */
  document: { type: 'String', maxLength: LENGTHS.document },
  /** Why a change is made. */
  message: { type: 'NonBlank', maxLength: LENGTHS.changeMessage },
  /** The token of a plan. */
  plan: { type: 'String', maxLength: LENGTHS.plan },
  /** A cursor, or a page token of REST. */
  cursor: { type: 'String', maxLength: LENGTHS.pageToken },
} as const;

/** Lists that callers send. */
export const LIST = { maxItems: MAX_LIST_LENGTH } as const;

const TEXTS: ['NonBlank'] = ['NonBlank'];

/** A list of short texts, such as rules for the agent. */
export const LINES = { type: TEXTS, maxLength: LENGTHS.description, ...LIST } as const;

/** A list of names. */
export const NAMES = { type: TEXTS, maxLength: LENGTHS.name, ...LIST } as const;
