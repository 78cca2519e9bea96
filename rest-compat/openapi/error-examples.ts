import type { ShownConflict } from '../../src/domain/conflicts.ts';
import type { ErrorCode, Problem } from '../../src/domain/errors.ts';
import { STATUS } from '../../src/http/status.ts';
import type { OpenApi } from './operation.ts';

interface ErrorExample {
  readonly message: string;
  readonly details?: readonly Problem[];
  readonly conflicts?: readonly ShownConflict[];
}

const REQUEST_ID = 'e11b0633-64b3-4b86-8f4a-4391ddf90c65';

/** An answer of the server for each code that a REST operation can fail with. */
const EXAMPLES: Readonly<Partial<Record<ErrorCode, ErrorExample>>> = {
  'agent.id_taken': {
    message: "the id 'acme-demo' is taken",
    details: [{ path: 'id', message: 'is taken' }],
  },
  'agent.not_found': { message: "there is no agent 'nobody'" },
  'agent.too_large': {
    message: "an agent's configuration must have at most 786432 bytes, this would have 812019",
  },
  'api_key.not_found': { message: "there is no API key 'key_none'" },
  'appointment.not_found': { message: "there is no appointment 'appt_none'" },
  'auth.role_insufficient': {
    message: "this takes the role admin or above; the token's role is viewer",
  },
  'auth.scope_missing': { message: 'the token lacks the scope org:admin' },
  'auth.unauthenticated': {
    message: 'a bearer token is required: send "Authorization: Bearer <API key or session token>"',
  },
  'catalog.not_found': { message: "the catalog has no agent template '@anychat/none'" },
  'channel.already_bound': { message: 'the agent already has a binding of webchat' },
  'channel.inputs_settled': {
    message: 'the binding is Active: its inputs can no longer be changed',
  },
  'channel.move_refused': {
    message: 'the binding is Requested: it can become Provisioning or Failed, not Disabled',
  },
  'channel.not_found': { message: "there is no channel binding 'chan_none'" },
  'idempotency.in_flight': {
    message: 'the first request with this Idempotency-Key is still being executed; try again later',
  },
  'idempotency.key_reused': {
    message: 'the Idempotency-Key was used for another request; use a new key for each request',
  },
  'idempotency.not_replayable': {
    message:
      'the request was executed, but its answer cannot be sent again: the rights of the token have changed; read what it changed',
  },
  internal: {
    message: 'an internal error, logged with the request id e11b0633-64b3-4b86-8f4a-4391ddf90c65',
  },
  'member.email_taken': {
    message: "'ada@example.com' is already a member",
    details: [{ path: 'email', message: 'is already a member' }],
  },
  'member.last_owner': {
    message: 'this is the only owner of the org; give another member the role owner first',
  },
  'member.not_found': { message: "there is no member 'member_none' in 'acme'" },
  'merge.conflict': {
    message:
      '1 field was changed both in the definition and in the agent since the base: in personality',
    conflicts: [
      {
        section: 'personality',
        path: 'text',
        base: 'You are warm.',
        theirs: 'You are warm and brief.',
        yours: 'You are formal.',
        theirActor: { kind: 'user', id: 'user-1', name: 'dana@acme.com' },
        theirVersion: 7,
        theirAt: '2026-11-23T09:30:00.000Z',
      },
    ],
  },
  'merge.invalid': {
    message: 'the merged agent would not be valid: playbooks: must have exactly one default, not 2',
    details: [{ path: 'playbooks', message: 'must have exactly one default, not 2' }],
  },
  'message_template.id_taken': {
    message: "the message template id 'call-follow-up' is taken",
    details: [{ path: 'id', message: 'is taken' }],
  },
  'message_template.in_use': {
    message: "the message template 'outreach-greeting' is used by the outreach greeting",
  },
  'message_template.not_found': { message: "there is no message template 'none'" },
  'oauth.not_supported': { message: "the tool '@anychat/tool.calendly' takes no OAuth grant" },
  'oauth.provider_not_configured': {
    message: "no credentials of the OAuth provider 'slack' are configured here",
  },
  'oauth.provider_unavailable': { message: 'the provider does not answer; try again later' },
  'objective.id_taken': {
    message: "the objective id 'qualify-leads' is taken",
    details: [{ path: 'id', message: 'is taken' }],
  },
  'objective.not_found': { message: "there is no objective 'none'" },
  'org.limit_reached': { message: 'an org has at most 100 webhooks; remove one first' },
  'org.not_found': { message: "there is no org 'nobody'" },
  'outreach.no_greeting': { message: 'no greeting template is configured' },
  'outreach_link.not_found': { message: "there is no outreach link 'olink_none'" },
  'person.not_found': { message: "there is no person 'person_none'" },
  'personality.not_set': { message: 'no personality is set' },
  'plan.expired': { message: 'the plan has expired: it is valid for 15 minutes' },
  'plan.foreign': { message: 'the plan was made for another caller; make your own' },
  'plan.invalid': { message: 'the plan is not one that this server made' },
  'plan.mismatch': {
    message:
      'the plan is for another change: send the operation, the document and the options that it was made with',
  },
  'plan.stale': {
    message: 'the plan was made for version 7, and the agent is at version 8',
  },
  'plan.used': { message: 'the plan was carried out: it made version 8' },
  'playbook.default_required': {
    message: "'sales-discovery' is the default playbook; set another one as the default instead",
    details: [{ path: 'isDefault', message: 'cannot be false for the default playbook' }],
  },
  'playbook.id_taken': {
    message: "the playbook id 'sales-discovery' is taken",
    details: [{ path: 'id', message: 'is taken' }],
  },
  'playbook.not_found': { message: "there is no playbook 'none'" },
  'request.invalid': {
    message: 'the request has 2 problems',
    details: [
      { path: 'identity.brandColor', message: 'is not a hex colour such as #1a73e8' },
      { path: 'name', message: 'must not be blank' },
    ],
  },
  'request.malformed': { message: 'the body is not JSON: Unexpected end of JSON input' },
  'request.media_type': { message: 'send the body as application/json, not as text/plain' },
  'request.page_token': {
    message: 'the page token is not one of this query',
    details: [{ path: 'pageToken', message: 'is not a token of this query' }],
  },
  'request.timeout': {
    message: 'there was no answer within 30000 ms; a write may have been made all the same',
  },
  'request.too_complex': {
    message:
      'an answer may have at most 16777216 bytes; ask for less at once (what a mutation changed stays changed)',
  },
  'request.rate_limited': { message: 'too many requests with this token; try again in 1 s' },
  'request.too_large': { message: 'a body may have at most 1048576 bytes' },
  'server.busy': { message: 'too many requests are under way; try again shortly' },
  'skill.id_taken': {
    message: "the skill id 'call-booking' is taken",
    details: [{ path: 'id', message: 'is taken' }],
  },
  'skill.not_found': { message: "there is no skill 'none'" },
  'skill.system_immutable': {
    message: "'escalate-to-human' is a system skill, which cannot be changed",
  },
  'store.unavailable': { message: 'the store does not answer; try again shortly' },
  'template.not_applicable': {
    message:
      "the template '@anychat/agent-template.sales-development' cannot be applied: playbooks: must have exactly one default, not 0",
    details: [{ path: 'playbooks', message: 'must have exactly one default, not 0' }],
  },
  'tool.unknown': {
    message: "the catalog has no tool '@anychat/tool.none'",
    details: [{ path: 'toolId', message: 'is not a tool of the catalog' }],
  },
  'tool_binding.not_found': {
    message: "the agent has no binding of '@anychat/tool.google-sheets'",
  },
  'update.not_derived': { message: "the objective 'own' was not copied from a template" },
  'update.template_missing': {
    message:
      "the objective 'old' was copied from '@anychat/objective-template.gone', which the catalog no longer has",
  },
  'version.contended': { message: 'too many writes at once; try again' },
  'version.not_found': { message: "there is no version 999999 of agent 'acme-demo'" },
  'version.not_restorable': {
    message:
      "the agent would not be valid with what is restored: playbooks[0].skillRefs[0]: the agent has no skill 'call-booking'",
    details: [
      { path: 'playbooks[0].skillRefs[0]', message: "the agent has no skill 'call-booking'" },
    ],
  },
  'version.mismatch': { message: 'the version is 1, not 999; nothing was changed' },
  'webhook.delivery_not_found': { message: "the webhook has no delivery 'evt_none'" },
  'webhook.not_found': { message: "there is no webhook 'wh_none'" },
};

/** @throws Error when the code has no example yet */
export function exampleOf(code: ErrorCode): OpenApi {
  const example = EXAMPLES[code];
  if (!example)
    throw new Error(`add an example of ${code} (rest-compat/openapi/error-examples.ts)`);
  return { value: { statusCode: STATUS[code], code, requestId: REQUEST_ID, ...example } };
}
