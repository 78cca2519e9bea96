import assert from 'node:assert/strict';
import { client } from './generated/client.gen.ts';
import {
  applyAgentTemplate,
  createAgent,
  deleteAgent,
  getExport,
  importAgent,
  updatePerson,
} from './generated/index.ts';

// The client that `@hey-api/openapi-ts` generates: creates an agent, applies a template, exports it.
const [url = '', token = ''] = process.argv.slice(2);
client.setConfig({ baseUrl: url, auth: () => token });

const { data: agent } = await createAgent({
  path: { org: 'acme' },
  body: { id: 'generated', name: 'Generated', description: null },
  throwOnError: true,
});
assert('identity' in agent);
const path = { org: 'acme', agent: agent.id };
const { data: applied } = await applyAgentTemplate({
  path,
  body: { templateId: '@anychat/agent-template.sales-development' },
  throwOnError: true,
});
assert('skipped' in applied);
assert.deepEqual(applied.skipped, []);

const { data: definition } = await getExport({
  path,
  query: { format: 'json' },
  throwOnError: true,
});
assert(typeof definition === 'object');
assert((definition.playbooks?.length ?? 0) > 1);
const { data: imported } = await importAgent({
  path,
  body: definition,
  throwOnError: true,
});
assert('agent' in imported);
assert.equal(imported.agent.id, agent.id);

const { error, response } = await updatePerson({
  path: { ...path, personId: 'person_none' },
  body: { status: 'qualified', customFields: { plan: null } },
});
assert.equal(error?.code, 'person.not_found');
assert.equal(response?.status, 404);
await deleteAgent({ path, throwOnError: true });
