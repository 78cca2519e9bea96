import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/domain/errors.ts';
import { memberId } from '../../src/members/collection.ts';
import type { Answer, Client } from '../kit/client.ts';
import { type DocumentedOperation, DocumentedServer } from '../kit/operations.ts';
import { WORK } from '../kit/work.ts';

let documented: DocumentedServer;
let unscoped: Client;
let viewer: Client;

beforeAll(async () => {
  documented = await DocumentedServer.start();
  unscoped = await documented.server.as('owner', []);
  viewer = await documented.server.as('viewer');
});
afterAll(() => documented.stop());

/** Codes of a server that is broken, under attack or at its limits: other tests cause them. */
const ELSEWHERE: readonly ErrorCode[] = [
  'agent.too_large',
  'idempotency.in_flight',
  'idempotency.not_replayable',
  'internal',
  // They name who changed what, and when.
  'merge.conflict',
  'merge.invalid',
  // They depend on another request.
  'plan.expired',
  'plan.foreign',
  'plan.mismatch',
  'plan.stale',
  'plan.used',
  'oauth.provider_unavailable',
  'org.limit_reached',
  'request.rate_limited',
  'request.timeout',
  'request.too_complex',
  'server.busy',
  'store.unavailable',
  'version.contended',
  // The shipped templates are checked at load.
  'template.not_applicable',
];

const AT = '/orgs/acme/agents/acme-demo';

/** Sends a request that an operation refuses. */
type Cause = (operation: DocumentedOperation) => Promise<Answer>;

/** A request that is like the documented one, except for these parts. */
const like =
  (options: Parameters<DocumentedServer['send']>[1]): Cause =>
  (operation) =>
    documented.send(operation, options);

/** The documented request after another one, which must succeed. */
const after =
  (prepare: () => Promise<Answer>, options?: Parameters<DocumentedServer['send']>[1]): Cause =>
  async (operation) => {
    const { status, body } = await prepare();
    expect([200, 201], JSON.stringify(body)).toContain(status);
    return documented.send(operation, options);
  };

const hasBody = ({ method, requestBody }: DocumentedOperation) =>
  requestBody !== undefined || method === 'POST';

/** A request that every operation refuses with the code. */
const CAUSES: Readonly<Partial<Record<ErrorCode, Cause>>> = {
  'auth.unauthenticated': (operation) =>
    documented.send(operation, { client: documented.server.anonymous }),
  'auth.role_insufficient': (operation) => documented.send(operation, { client: viewer }),
  'auth.scope_missing': (operation) => documented.send(operation, { client: unscoped }),
  'request.invalid': (operation) => {
    if (operation.method !== 'GET') return documented.send(operation, { query: 'soup=1' });
    const last = [...operation.path.matchAll(/\{(\w+)\}/g)].at(-1)?.[1] ?? '';
    return documented.send(
      operation,
      last === 'org' ? { query: 'limit=0' } : { others: { [last]: 'x'.repeat(257) } },
    );
  },
  'request.malformed': (operation) =>
    documented.send(
      operation,
      hasBody(operation) ? { body: '{"name": ' } : { headers: { 'If-Match': '"1", "2"' } },
    ),
  'request.media_type': like({ body: 'name', headers: { 'Content-Type': 'text/plain' } }),
  'request.too_large': like({ body: ' '.repeat(1024 * 1024 + 1) }),
  'idempotency.key_reused': async (operation) => {
    const headers = { 'Idempotency-Key': 'used' };
    await documented.server.owner.patch('/orgs/acme', { name: 'Acme' }, headers);
    return documented.send(operation, { headers });
  },
  'request.page_token': like({ query: 'pageToken=none' }),
  'plan.invalid': like({ query: 'plan=none' }),
  'version.mismatch': like({ headers: { 'If-Match': '"999"' } }),
  'version.not_found': like({ others: { version: '999999' } }),
  'org.not_found': like({ others: { org: 'nobody' } }),
  'agent.not_found': like({ others: { agent: 'nobody' } }),
  'api_key.not_found': like({ others: { keyId: 'key_none' } }),
  'member.not_found': like({ others: { memberId: 'member_none' } }),
  'webhook.not_found': like({ others: { webhookId: 'wh_none' } }),
  'webhook.delivery_not_found': like({ others: { deliveryId: 'evt_none' } }),
  'channel.not_found': like({ others: { bindingId: 'chan_none' } }),
  'appointment.not_found': like({ others: { appointmentId: 'appt_none' } }),
  'person.not_found': like({ others: { personId: 'person_none' } }),
  'outreach_link.not_found': like({ others: { id: 'olink_none' } }),
  'objective.not_found': like({ others: { objectiveId: 'none' } }),
  'skill.not_found': like({ others: { skillId: 'none' } }),
  'skill.system_immutable': like({ others: { skillId: 'escalate-to-human' } }),
  'playbook.not_found': like({ others: { playbookId: 'none' } }),
  'message_template.not_found': like({ others: { templateId: 'none' } }),
  'tool_binding.not_found': like({ others: { toolId: '@anychat/tool.google-sheets' } }),
  'tool.unknown': like({ others: { toolId: '@anychat/tool.none' } }),
  'oauth.not_supported': like({ others: { toolId: '@anychat/tool.calendly' } }),
  'catalog.not_found': (operation) =>
    documented.send(
      operation,
      operation.requestBody
        ? { body: { templateId: '@anychat/none' } }
        : { others: { id: '@anychat/none' } },
    ),
};

const post = (path: string, body: object) => documented.server.owner.post(`${AT}${path}`, body);
const put = (path: string, body: object) => documented.server.owner.put(`${AT}${path}`, body);
/** A document that names the demo agent. */
const DEMO = { agent: { id: 'acme-demo', name: 'Demo' } };
const named = (id: string) => ({ id, name: 'N', body: 'B' });

/** Requests a channel, sends the operation for it, and cancels it. */
async function ofRequestedChannel(operation: DocumentedOperation): Promise<Answer> {
  const viber = { channel: 'viber', mode: 'managed', inputs: { brandName: 'B' } };
  const { body } = await post('/channels', viber);
  const answer = await documented.send(operation, { others: { bindingId: String(body.id) } });
  await documented.server.owner.delete(`${AT}/channels/${body.id}`);
  return answer;
}

/** Sends the operation for the only owner among the members. */
async function ofOnlyOwner(operation: DocumentedOperation): Promise<Answer> {
  const { services } = documented.server;
  const owner = await services.members.set(WORK, 'acme', 'owner@example.com', 'owner');
  return documented.send(operation, { others: { memberId: memberId(owner) } });
}

const PLANNED = 'mode=plan&prompt=true';
/** The prompt of a plan is for a conversation that cannot be. */
const plannedPromptCauses = Object.fromEntries(
  [
    'importAgent',
    'importAgentDocument',
    'applyAgentTemplate',
    'restoreAgent',
    'applyUpdate',
  ].flatMap((operation) => [
    [`${operation} playbook.not_found`, like({ query: `${PLANNED}&playbookId=none` })],
    [`${operation} person.not_found`, like({ query: `${PLANNED}&personId=person_none` })],
  ]),
);

/** A new agent that can be planned. */
const NEW = { body: { id: 'planned', name: 'Planned' } };

/** The causes of codes that depend on the operation. */
const OWN_CAUSES: Readonly<Record<string, Cause>> = {
  ...plannedPromptCauses,
  'createAgent request.invalid': like({ body: { name: ' ', identity: { brandColor: 'red' } } }),
  'createAgent agent.id_taken': like({ body: { id: 'acme-demo', name: 'A' } }),
  'createAgent catalog.not_found': like({ body: { name: 'A', templateId: '@anychat/none' } }),
  'createAgent playbook.not_found': like({ ...NEW, query: `${PLANNED}&playbookId=none` }),
  'createAgent person.not_found': like({ ...NEW, query: `${PLANNED}&personId=person_none` }),
  'addMember member.email_taken': like({ body: { email: 'ada@example.com', role: 'viewer' } }),
  'updateMember member.last_owner': (operation) => ofOnlyOwner(operation),
  'removeMember member.last_owner': (operation) => ofOnlyOwner(operation),
  'createObjective objective.id_taken': like({ body: named('qualify-leads') }),
  'createSkill skill.id_taken': like({ body: named('call-booking') }),
  'createPlaybook playbook.id_taken': like({ body: named('sales-discovery') }),
  'createMessageTemplate message_template.id_taken': like({ body: named('call-follow-up') }),
  'deleteMessageTemplate message_template.in_use': like({
    others: { templateId: 'outreach-greeting' },
  }),
  'replaceOutreach message_template.not_found': like({ body: { greetingTemplateId: 'none' } }),
  'getPrompt playbook.not_found': like({ query: 'playbookId=none' }),
  'importAgent version.not_found': like({ query: 'base=999999' }),
  'importAgentDocument version.not_found': like({ query: 'base=999999', body: DEMO }),
  'importAgentDocument version.mismatch': like({ headers: { 'If-Match': '"999"' }, body: DEMO }),
  'importAgentDocument agent.not_found': like({
    query: 'base=1',
    body: { agent: { id: 'nobody', name: 'Nobody' } },
  }),
  'getPrompt version.not_found': like({ query: 'version=999999' }),
  'getPrompt person.not_found': like({ query: 'personId=person_none' }),
  'getOutreachPreview outreach.no_greeting': after(() => put('/outreach', {})),
  'getPersonality personality.not_set': after(() => post('/import', { personality: null })),
  'replacePlaybook playbook.default_required': like({
    body: { ...named('sales-discovery'), isDefault: false },
  }),
  'updatePlaybook playbook.default_required': like({ body: { isDefault: false } }),
  'createChannel channel.already_bound': like({ body: { channel: 'webchat', mode: 'managed' } }),
  'updateChannel channel.inputs_settled': like({ body: { inputs: { brandName: 'B' } } }),
  'enableChannel channel.move_refused': (operation) => ofRequestedChannel(operation),
  'disableChannel channel.move_refused': (operation) => ofRequestedChannel(operation),
  'startToolOAuth oauth.provider_not_configured': after(
    () => put('/tool-bindings/%40anychat%2Ftool.slack-crm', { config: {} }),
    { others: { toolId: '@anychat/tool.slack-crm' } },
  ),
  // The first version has no skills.
  'restoreAgent version.not_restorable': after(
    () => {
      const playbook = { ...named('book'), isDefault: true, skillRefs: ['call-booking'] };
      return post('/import', { skills: [named('call-booking')], playbooks: [playbook] });
    },
    { body: { sections: ['skills'] } },
  ),
  'applyUpdate personality.not_set': after(() => post('/import', { personality: null }), {
    body: { kind: 'personality' },
  }),
  'applyUpdate objective.not_found': like({ body: { kind: 'objective', id: 'none' } }),
  'applyUpdate skill.not_found': like({ body: { kind: 'skill', id: 'none' } }),
  'applyUpdate playbook.not_found': like({ body: { kind: 'playbook', id: 'none' } }),
  'applyUpdate update.not_derived': after(() => post('/objectives', named('own')), {
    body: { kind: 'objective', id: 'own' },
  }),
  'applyUpdate update.template_missing': after(
    () => {
      const derivedFrom = { templateId: '@anychat/objective-template.gone', version: '1' };
      return post('/import', { objectives: [{ ...named('old'), derivedFrom }] });
    },
    { body: { kind: 'objective', id: 'old' } },
  ),
};

it('answers as documented, with every status and code of every operation', async () => {
  const answers = new Map<string, unknown[]>();
  for (const operation of documented.operations) {
    for (const [status, codes] of documented.refusalsOf(operation)) {
      for (const code of codes) {
        if (ELSEWHERE.includes(code as ErrorCode)) continue;
        const name = `${operation.operationId} ${code}`;
        const cause = OWN_CAUSES[name] ?? CAUSES[code as ErrorCode];
        if (!cause) throw new Error(`no cause of ${name}`);
        const answer = await cause(operation);
        const got = [name, answer.status, answer.body.code];
        expect(got, JSON.stringify(answer.body)).toEqual([name, Number(status), code]);
        const { requestId: _, ...shown } = answer.body;
        answers.set(code, [...(answers.get(code) ?? []), shown]);
        if (name in OWN_CAUSES) await documented.restore();
      }
    }
  }
  for (const [code, { value }] of Object.entries(documented.document.components.examples)) {
    if (ELSEWHERE.includes(code as ErrorCode)) continue;
    const { requestId: _, ...shown } = value;
    expect(answers.get(code), code).toContainEqual(shown);
  }
});
