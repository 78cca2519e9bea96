import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/audit/entries.ts';
import { type DocumentedOperation, DocumentedServer } from '../kit/operations.ts';
import { ORG } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const AGENT = 'acme-demo';
/** A grant that starts sends the browser to the provider, and changes nothing yet. */
const CHANGES_NOTHING = ['startToolOAuth'];
/** There is no grant, and one playbook. test/oauth has others. */
const UNCHANGED = [...CHANGES_NOTHING, 'disconnectToolOAuth', 'setDefaultPlaybook'];
/** What has to be sent before, so that a documented example changes something. */
const PREPARED: Readonly<Record<string, readonly [method: string, path: string, body?: object]>> = {
  importPersonalityTemplate: ['PUT', 'personality', { text: 'Be brief.' }],
  importGuardrailTemplate: ['PUT', 'guardrails', {}],
  replaceOutreach: ['PUT', 'outreach', {}],
  enableToolBinding: ['POST', '_disable'],
  enableSkill: ['POST', '_disable'],
};

let documented: DocumentedServer;
beforeAll(async () => {
  documented = await DocumentedServer.start();
});
afterAll(() => documented.stop());

/** The resources that are documents of their own, by path segment. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  orgs: 'org',
  agents: 'agent',
  people: 'person',
  // They are of the person.
  appointments: 'person',
  journal: 'person',
  'outreach-links': 'outreach_link',
  'api-keys': 'api_key',
  members: 'member',
  webhooks: 'webhook',
};

/** The action of an operation, from its method and path. */
function actionOf({ method, path }: DocumentedOperation): string {
  // The example names an agent that does not exist.
  if (path === '/orgs/{org}/agents/import') return 'agent.created';
  const segments = path.split('/').filter(Boolean);
  const last = segments.at(-1) ?? '';
  const names = segments.filter((it) => !it.startsWith('{') && !it.startsWith('_'));
  const name = names.at(-1) ?? '';
  const isOne = last.startsWith('{');
  if (name === 'channels') {
    if (last.startsWith('_')) return 'channel.status_changed';
    return `channel.${isOne ? (method === 'DELETE' ? 'deleted' : 'updated') : 'created'}`;
  }
  const type = DOCUMENTS[name];
  if (!type) return 'agent.updated';
  const isPart = ['appointments', 'journal'].includes(name);
  if (method === 'POST' && last === name && !isPart) return `${type}.created`;
  return `${type}.${method === 'DELETE' ? 'deleted' : 'updated'}`;
}

/** The section that an operation of a part of an agent changes. */
function sectionOf({ path }: DocumentedOperation): string | undefined {
  const name = path.split('/')[5];
  if (!path.startsWith('/orgs/{org}/agents/{agent}/') || !name || name in DOCUMENTS) return;
  if (['apply-template', 'updates', 'import', 'tools', 'history'].includes(name)) return;
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function entriesOf(requestId: string): Promise<AuditEntry[]> {
  const { status, body } = await documented.server.owner.get(`/orgs/${ORG}/audit-log?limit=20`);
  expect(status).toBe(200);
  return (body.data as AuditEntry[]).filter((it) => it.requestId === requestId);
}

async function versionOfAgent(): Promise<number | undefined> {
  const [agent] = await documented.server.services.agents.getMany(WORK, [{ org: ORG, id: AGENT }]);
  return agent?.version;
}

async function prepare(operation: DocumentedOperation): Promise<void> {
  const [method, path, body] = PREPARED[operation.operationId] ?? [];
  if (!method || !path) return;
  const sibling = documented.urlOf(operation).replace(/_enable$/, path);
  const url = path.startsWith('_') ? sibling : `/v1/orgs/${ORG}/agents/${AGENT}/${path}`;
  const answer = await documented.server.owner.request(method, url, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

it('has one entry of every write that changes something, and none of any other request', async () => {
  // Removals last, the agent's own at the very end.
  const depth = ({ path }: DocumentedOperation) => path.split('/').length;
  const isRemoval = ({ method }: DocumentedOperation) => method === 'DELETE';
  const operations = documented.operations.toSorted(
    (a, b) =>
      Number(isRemoval(a)) - Number(isRemoval(b)) || (isRemoval(a) ? depth(b) - depth(a) : 0),
  );
  const changed: string[] = [];
  for (const [i, operation] of operations.entries()) {
    const { method, operationId } = operation;
    const requestId = `write-${i}`;
    const message = `Because of ${i}`;
    await prepare(operation);
    const before = await versionOfAgent();
    const headers = { 'X-Request-Id': requestId, 'X-Change-Message': message };
    const answer = await documented.send(operation, { headers });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    const entries = await entriesOf(requestId);
    const action = actionOf(operation);
    const isOfAgent = /^(agent\.(updated|deleted)|channel\.)/.test(action);
    const isChange =
      method !== 'GET' &&
      !CHANGES_NOTHING.includes(operationId) &&
      (!isOfAgent || (await versionOfAgent()) !== before);
    expect([operationId, entries.length]).toEqual([operationId, isChange ? 1 : 0]);
    if (!isChange) continue;
    changed.push(operationId);
    // The message in a body that has one is the more specific.
    const said = documented.exampleOf(operation)?.message ?? message;
    const actor = { kind: 'apiKey', id: expect.stringMatching(/^key_/), name: 'owner' };
    expect([operationId, entries[0]]).toMatchObject([
      operationId,
      { actor, door: 'rest', requestId, message: said, action },
    ]);
    const section = sectionOf(operation);
    if (section)
      expect([operationId, entries[0]?.sections]).toEqual([
        operationId,
        expect.arrayContaining([section]),
      ]);
    if (operationId !== 'deleteAgent') await documented.restore();
  }
  const writes = operations.filter(({ method }) => method !== 'GET');
  const unchanged = writes.map((it) => it.operationId).filter((it) => !changed.includes(it));
  expect(unchanged.sort()).toEqual([...UNCHANGED].sort());
});
