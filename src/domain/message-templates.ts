/** What is done about a slot that has no value and no literal of its own. */
export const MISSING_SLOT_POLICIES = ['omit-sentence', 'omit-message', 'block-send'] as const;
export type MissingSlotPolicy = (typeof MISSING_SLOT_POLICIES)[number];

/** A canned message with `{slot}` placeholders (reference, "Message templates"). */
export interface AgentMessageTemplate {
  /** A slug, unique within the agent. */
  readonly id: string;
  readonly name: string;
  /** For people. */
  readonly description?: string;
  /** Text in slot syntax, e.g. `Hi {person.firstName | "there"}` (slots.ts). */
  readonly body: string;
  /** For slots without a policy of their own; `omit-sentence` where it is unset. */
  readonly defaultOnMissingSlot?: MissingSlotPolicy;
}
