import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './generated.d.ts';

// The client that `openapi-typescript` types: creates an agent, applies a template, exports it.
const [url = '', token = ''] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

const created = await api.POST('/orgs/{org}/agents', {
  params: { path: { org: 'acme' } },
  body: { id: 'typed', name: 'Typed', identity: { brandColor: '#1a73e8' } },
});
assert(created.data && 'identity' in created.data);
const agent = created.data;
assert.equal(agent.identity.brandColor, '#1a73e8');
const path = { org: 'acme', agent: agent.id };

const applied = await api.POST('/orgs/{org}/agents/{agent}/apply-template', {
  params: { path },
  body: { templateId: '@anychat/agent-template.sales-development' },
});
assert(applied.data && 'appliedFrom' in applied.data);
assert.equal(applied.data.appliedFrom.templateName, 'Sales Development Agent');

const exported = await api.GET('/orgs/{org}/agents/{agent}/export', {
  params: { path, query: { format: 'json' } },
});
assert(exported.data && typeof exported.data === 'object');
assert.equal(exported.data.identity?.brandColor, '#1a73e8');
const body = { ...exported.data, personality: { text: 'Brief.' } };
const planned = await api.POST('/orgs/{org}/agents/{agent}/import', {
  params: { path, query: { mode: 'plan' } },
  body,
});
assert(planned.data && 'changes' in planned.data);
assert.deepEqual([...new Set(planned.data.changes.map(({ section }) => section))], ['personality']);
const imported = await api.POST('/orgs/{org}/agents/{agent}/import', {
  params: { path, query: { plan: planned.data.plan } },
  body,
});
assert(imported.data && 'applied' in imported.data);
assert(imported.data.applied.includes('playbooks'));

const again = await api.POST('/orgs/{org}/agents', {
  params: { path: { org: 'acme' } },
  body: { id: 'typed', name: 'Typed' },
});
assert.equal(again.error?.code, 'agent.id_taken');
assert.equal(again.response.status, 409);

const key = await api.POST('/orgs/{org}/api-keys', {
  params: { path: { org: 'acme' } },
  body: { name: 'CI deploys', scopes: ['agents:read'] },
});
const secret: string | undefined = key.data?.key;
assert.match(secret ?? '', /^sk-any-/);
