/** What an agent must not do, and what it must (reference, "Guardrails"). */
export interface AgentGuardrails {
  readonly topicsToAvoid?: readonly string[];
  readonly claimsNotToMake?: readonly string[];
  readonly requiredDisclaimers?: readonly string[];
  /** Free-form hard rules that do not fit the lists. */
  readonly additionalRules?: string;
  /** The guardrail templates that were imported, each once, oldest first. */
  readonly derivedFromTemplates?: readonly string[];
}
