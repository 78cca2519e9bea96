import type { FormSchema } from '../domain/form.ts';
import type {
  AgentTemplate,
  GuardrailTemplate,
  ObjectiveTemplate,
  PersonalityTemplate,
  PlaybookTemplate,
  SkillTemplate,
  SystemSkill,
} from '../domain/templates.ts';

export type {
  AgentTemplate,
  GuardrailTemplate,
  ObjectiveTemplate,
  PersonalityTemplate,
  PlaybookTemplate,
  SkillTemplate,
  SystemSkill,
};

/** A tool that an agent can be bound to (reference, "Tool bindings"). */
export interface Tool {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** How the agent calls it. */
  readonly parameters: FormSchema;
  /** The form of a binding's `config`. A `writeOnly` field is stored as a secret. */
  readonly configSchema?: FormSchema;
  /** Set for a tool that needs an OAuth grant. */
  readonly oauth?: ToolOAuth;
}

export interface ToolOAuth {
  /** In lower case; in upper case it is part of the names of the settings `OAUTH_<PROVIDER>_…`. */
  readonly provider: string;
  readonly scopes: readonly string[];
}

/** A channel: the forms for binding it, and what to expect (reference, "Channels"). */
export interface ChannelManifest {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly managed: ManagedChannel;
  readonly unmanaged?: { readonly providers: readonly ChannelProvider[] };
  /** Whether its bindings have `compliance`. */
  readonly carrierCompliance?: boolean;
}

export interface ManagedChannel {
  /** Whether a binding is Active at once, without any work by an operator. */
  readonly instant: boolean;
  readonly provisioning: { readonly expectedDuration: string; readonly copy: string };
  /** The form of `inputs`. `x-seededFrom` names the field of the agent that pre-fills a field. */
  readonly inputsSchema: FormSchema;
}

export interface ChannelProvider {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The form of `auth`. A `writeOnly` field is never returned. */
  readonly authSchema: FormSchema;
  /** The field of `auth` that is returned as the binding's `routingId`. */
  readonly routingIdFrom?: string;
}

export interface LogEvent {
  /** The `event` of a log entry, e.g. `llm.call`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** By field of the entry's `data`: its meaning. */
  readonly dataFields: Readonly<Record<string, string>>;
}

export interface WebhookEvent {
  /** The `type` of a delivery, e.g. `agent.updated`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The kind of resource that it is about. */
  readonly resource: string;
}

/** The type of the items of each kind. */
export interface CatalogItems {
  readonly agentTemplates: AgentTemplate;
  readonly playbookTemplates: PlaybookTemplate;
  readonly skillTemplates: SkillTemplate;
  readonly objectiveTemplates: ObjectiveTemplate;
  readonly personalityTemplates: PersonalityTemplate;
  readonly guardrailTemplates: GuardrailTemplate;
  readonly tools: Tool;
  readonly systemSkills: SystemSkill;
  readonly channels: ChannelManifest;
  readonly logEvents: LogEvent;
  readonly webhookEvents: WebhookEvent;
}
export type KindName = keyof CatalogItems;
