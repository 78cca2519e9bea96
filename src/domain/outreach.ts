/** How an agent opens a conversation (reference, "Outreach"). */
export interface OutreachConfig {
  /** One of the agent's message templates; where unset, the opener is composed. */
  readonly greetingTemplateId?: string;
}
