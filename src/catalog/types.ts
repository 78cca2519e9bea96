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
  /** The shape of a binding's `config`; a `writeOnly` field is kept as a secret. */
  readonly configSchema?: FormSchema;
  /** Set on a tool that takes an OAuth grant. */
  readonly oauth?: ToolOAuth;
}

export interface ToolOAuth {
  /** Names the settings `OAUTH_<PROVIDER>_…`, in lower case. */
  readonly provider: string;
  readonly scopes: readonly string[];
}

/** The forms with which a channel is bound, and what to expect (reference, "Channels"). */
export interface ChannelManifest {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly managed: ManagedChannel;
  readonly unmanaged?: { readonly providers: readonly ChannelProvider[] };
  /** Whether bindings of it have a compliance block. */
  readonly carrierCompliance?: boolean;
}

export interface ManagedChannel {
  /** Active at once, without anybody's work. */
  readonly instant: boolean;
  readonly provisioning: { readonly expectedDuration: string; readonly copy: string };
  /** The shape of `inputs`; `x-seededFrom` names the part of the agent that pre-fills a field. */
  readonly inputsSchema: FormSchema;
}

export interface ChannelProvider {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The shape of `auth`; a `writeOnly` field is never shown again. */
  readonly authSchema: FormSchema;
  /** The field of `auth` that is shown as the binding's `routingId`. */
  readonly routingIdFrom?: string;
}

export interface LogEvent {
  /** As in a log entry's `event`, e.g. `llm.call`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What each field of the entry's `data` means. */
  readonly dataFields: Readonly<Record<string, string>>;
}

export interface WebhookEvent {
  /** As in a delivery's `type`, e.g. `agent.updated`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What kind of thing it is about. */
  readonly resource: string;
}

/** What each kind of catalog holds. */
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
