/**
 * The greatest lengths of the texts that callers send, in characters. The schema applies them
 * before any other work on a text (schema/bounds.ts).
 */
export const LENGTHS = {
  /** A name, a label, a job title. */
  name: 200,
  /** First and last name together. */
  fullName: 401,
  description: 2_000,
  /** When to use a playbook, a rule for the agent, an identity preamble. */
  paragraph: 10_000,
  /** Instructions for the model, or the text of a message. */
  prompt: 100_000,
  disclaimer: 1_000,
  notes: 10_000,
  /** A line of a person's journal. */
  journal: 2_000,
  /** A custom field of a person. */
  customValue: 2_000,
  id: 256,
  /** An id that the caller chooses. */
  slug: 80,
  /** The version of a template. */
  version: 64,
  email: 254,
  url: 2_048,
  phone: 64,
  timeZone: 64,
  /** A point in time as text. */
  time: 64,
  /** A text in free-form JSON. */
  json: 20_000,
  search: 200,
  /** A name of an event. */
  event: 500,
  pageToken: 4_096,
  /** The token of a plan. */
  plan: 4_096,
  /** The text of a definition: no body is longer. */
  document: 1_048_576,
  /** Why a change is made. */
  changeMessage: 500,
} as const;

/** Items of any list of an agent, and of any list that a caller sends. */
export const MAX_LIST_LENGTH = 200;

/**
 * Whether a text has more characters than that. Characters are Unicode code points, as in JSON
 * Schema. Looks at no more of the text than the length.
 */
export function isLonger(text: string, length: number): boolean {
  if (text.length <= length) return false;
  // A character takes one or two units.
  if (text.length > 2 * length) return true;
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters > length;
}
