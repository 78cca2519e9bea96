import type { ShownConflict } from './conflicts.ts';

/**
 * The stable codes of every refusal, of the form `area.reason`. A code names the reason,
 * independent of the transport: `src/http/status.ts` gives each its HTTP status.
 */
export type ErrorCode =
  // the caller
  | 'auth.unauthenticated'
  | 'auth.role_insufficient'
  | 'auth.scope_missing'
  // the request
  | 'request.invalid'
  | 'request.malformed'
  | 'request.media_type'
  | 'request.not_acceptable'
  | 'request.too_large'
  | 'request.too_complex'
  | 'request.page_token'
  | 'request.document_not_trusted'
  | 'request.rate_limited'
  | 'request.timeout'
  | 'request.abandoned'
  | 'idempotency.key_reused'
  | 'idempotency.in_flight'
  | 'idempotency.not_replayable'
  | 'route.not_found'
  | 'route.method_not_allowed'
  // the resources
  | 'org.not_found'
  | 'org.id_taken'
  | 'org.limit_reached'
  | 'catalog.not_found'
  | 'api_key.not_found'
  | 'member.not_found'
  | 'member.email_taken'
  | 'member.last_owner'
  | 'webhook.not_found'
  | 'webhook.delivery_not_found'
  | 'webhook.paused'
  | 'agent.not_found'
  | 'agent.id_taken'
  | 'agent.too_large'
  | 'tool.unknown'
  | 'tool_binding.not_found'
  | 'oauth.not_supported'
  | 'oauth.provider_not_configured'
  | 'oauth.provider_unavailable'
  | 'oauth.not_connected'
  | 'channel.not_found'
  | 'channel.already_bound'
  | 'channel.move_refused'
  | 'channel.inputs_settled'
  | 'secret.unreadable'
  | 'message_template.not_found'
  | 'message_template.id_taken'
  | 'message_template.in_use'
  | 'skill.not_found'
  | 'skill.id_taken'
  | 'skill.system_immutable'
  | 'playbook.not_found'
  | 'playbook.id_taken'
  | 'playbook.default_required'
  | 'template.not_applicable'
  | 'update.template_missing'
  | 'update.not_derived'
  | 'objective.not_found'
  | 'objective.id_taken'
  | 'outreach.no_greeting'
  | 'personality.not_set'
  | 'person.not_found'
  | 'appointment.not_found'
  | 'conversation.not_found'
  | 'outreach_link.not_found'
  | 'outreach_link.disabled'
  | 'outreach_link.expired'
  | 'outreach_link.used_up'
  | 'outreach_link.channel_inactive'
  | 'version.mismatch'
  | 'version.contended'
  | 'version.not_found'
  | 'version.not_restorable'
  | 'merge.conflict'
  | 'merge.invalid'
  | 'plan.invalid'
  | 'plan.foreign'
  | 'plan.mismatch'
  | 'plan.expired'
  | 'plan.used'
  | 'plan.stale'
  // the server
  | 'store.unavailable'
  | 'server.busy'
  | 'internal';

/** One problem of an input. `path` is relative to the input, e.g. `objectives[2].body`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The refusal of a request. `message` is for people. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  /** After which the request may be sent again, if that is known. */
  readonly retryAfterSeconds: number | undefined;
  /** Of `merge.conflict`: every conflict. */
  readonly conflicts: readonly ShownConflict[] = [];

  constructor(
    code: ErrorCode,
    message: string,
    problems: readonly Problem[] = [],
    retryAfterSeconds?: number,
  ) {
    super(message);
    this.code = code;
    this.problems = problems;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The refusal of an input, with every problem. */
export function invalid(problems: readonly Problem[]): DomainError {
  const [first] = problems;
  const message =
    problems.length === 1 && first
      ? `${first.path ? `${first.path}: ` : ''}${first.message}`
      : `the request has ${problems.length} problems`;
  return new DomainError('request.invalid', message, problems);
}

/** `['objectives', 2, 'body']` becomes `objectives[2].body`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${step}` : step,
    '',
  );
}
