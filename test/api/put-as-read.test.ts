import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../rest-compat/routes/index.ts';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const CALENDAR = '@anychat/tool.google-calendar';
const WEBHOOK = '@anychat/tool.custom-http-webhook';
const URL_ = 'https://hooks.acme.com/in?key=planted-4711';

/** Every path that can be read and replaced. */
const paths = routes
  .filter(({ method }) => method === 'PUT')
  .map(({ path }) => path)
  .filter((path) => routes.some((route) => route.method === 'GET' && route.path === path));

let server: TestServer;
let agent: string;
beforeAll(async () => {
  server = await startTestServer();
  agent = await server.owner.createAgent({
    name: 'Acme SDR',
    identity: { brandColor: '#1a73e8', contactPhone: '+14155550132', identityPreamble: 'Hello.' },
  });
  const at = `/orgs/acme/agents/${agent}`;
  const templateId = '@anychat/agent-template.sales-development';
  const written = await Promise.all([
    server.owner.post(`${at}/apply-template`, { templateId }),
    server.owner.put(bindingPath(WEBHOOK), { config: { url: URL_, method: 'GET' } }),
    server.owner.put(bindingPath(CALENDAR), { config: { calendarId: 'sdr@acme.com' } }),
    server.owner.post(`${at}/skills`, { name: 'Mine', body: 'b', enabled: false }),
    server.owner.post(`${at}/playbooks`, { name: 'Mine', body: 'b' }),
    server.owner.post(`${at}/objectives`, { name: 'Mine', body: 'b', priority: 1.5 }),
    server.owner.patch(`${at}/guardrails`, { additionalRules: 'Be kind.' }),
  ]);
  written.push(await server.owner.post(`${bindingPath(WEBHOOK)}/_disable`));
  for (const { status, body } of written) expect(status, JSON.stringify(body)).toBeLessThan(300);
});
afterAll(() => server.stop());

const bindingPath = (toolId: string) =>
  `/orgs/acme/agents/${agent}/tool-bindings/${encodeURIComponent(toolId)}`;

/** Replaces the parameters of a path by every item that exists and can be changed. */
async function itemsAt(template: string): Promise<readonly string[]> {
  const path = template.replace('{org}', 'acme').replace('{agent}', agent);
  const list = path.replace(/\/\{\w+\}$/, '');
  if (list === path) return [path];
  const { data } = (await server.owner.get(list)).body as { data: Record<string, string>[] };
  return data
    .filter(({ source }) => source !== 'system')
    .map(({ id, toolId }) => `${list}/${encodeURIComponent(id ?? String(toolId))}`);
}

/** Fields that say where a resource came from. Only an import sets them. */
const PROVENANCE = ['derivedFrom', 'derivedFromTemplates'];
/** Fields that the reference calls agent-local state. */
const STATE = ['enabled', 'isDefault', 'isOutbound', 'priority'];

/** Every item with one of the fields: its path, its representation, and those fields. */
async function itemsWith(fields: readonly string[]) {
  const items = await Promise.all(paths.map(itemsAt));
  const reads = items.flat().map(async (path) => ({
    path,
    read: (await server.owner.get(path)).body,
  }));
  return (await Promise.all(reads)).flatMap(({ path, read }) => {
    const held = fields.filter((field) => field in read);
    return held.length > 0 ? [{ path, read, held }] : [];
  });
}

/** The body of a PUT: a list is written under the name that its path ends with. */
function bodyOf(path: string, { data, ...item }: Record<string, unknown>) {
  return data ? { [path.slice(path.lastIndexOf('/') + 1)]: data } : item;
}

describe('a PUT of a resource as it was read', () => {
  it('is possible for every kind of resource that has a PUT', () => {
    expect(paths.length).toBeGreaterThanOrEqual(10);
  });

  it.each(paths)('changes nothing at %s', async (template) => {
    const items = await itemsAt(template);
    expect(items).not.toEqual([]);
    for (const path of items) {
      const read = (await server.owner.get(path)).body;
      const before = (await server.owner.get(`/orgs/acme/agents/${agent}/export`)).body;
      const { status, body } = await server.owner.put(path, bodyOf(path, read));
      expect({ path, status, body }).toEqual({ path, status: 200, body: read });
      expect((await server.owner.get(path)).body).toEqual(read);
      expect((await server.owner.get(`/orgs/acme/agents/${agent}/export`)).body).toBe(before);
    }
  });
});

describe('a PUT that clears where a resource came from', () => {
  it('is refused by name', async () => {
    const items = await itemsWith(PROVENANCE);
    expect(items.map(({ path }) => path.split('/')[5])).toEqual(
      expect.arrayContaining(['personality', 'guardrails', 'objectives', 'skills', 'playbooks']),
    );
    for (const { path, read, held } of items) {
      for (const field of held) {
        const answer = await server.owner.put(path, { ...read, [field]: null });
        expectRefusal(answer, 400, 'request.invalid', [field]);
      }
      expect((await server.owner.get(path)).body).toEqual(read);
    }
    const objectives = `/orgs/acme/agents/${agent}/objectives`;
    const { data } = (await server.owner.get(objectives)).body as { data: object[] };
    const cleared = data.map((one) => ({ ...one, derivedFrom: null }));
    expectRefusal(
      await server.owner.put(objectives, { objectives: cleared }),
      400,
      'request.invalid',
      data.flatMap((one, i) => ('derivedFrom' in one ? `objectives[${i}].derivedFrom` : [])),
    );
  });

  it('changes nothing if it was written by hand', async () => {
    const path = `/orgs/acme/agents/${agent}/skills/mine`;
    const read = (await server.owner.get(path)).body;
    const { status, body } = await server.owner.put(path, { ...read, derivedFrom: null });
    expect({ status, body }).toEqual({ status: 200, body: read });
  });
});

describe('a PUT that does not mention state', () => {
  it('keeps it', async () => {
    const items = await itemsWith(STATE);
    const values = items.flatMap(({ read, held }) =>
      held.map((field) => `${field}=${read[field]}`),
    );
    expect(values).toEqual(
      expect.arrayContaining([
        'enabled=false',
        'isDefault=true',
        'isOutbound=true',
        'priority=1.5',
      ]),
    );
    for (const { path, read, held } of items) {
      const content = Object.entries(read).filter(([field]) => !held.includes(field));
      const { status, body } = await server.owner.put(path, Object.fromEntries(content));
      expect({ path, status, body }).toEqual({ path, status: 200, body: read });
    }
  });

  it('is not one that clears it: that is refused by name', async () => {
    const always = STATE.filter((field) => field !== 'isOutbound');
    for (const { path, read, held } of await itemsWith(always)) {
      const nulls = Object.fromEntries(held.map((field) => [field, null]));
      const answer = await server.owner.put(path, { ...read, ...nulls });
      expectRefusal(answer, 400, 'request.invalid', held);
    }
  });

  it('clears the optional `isOutbound` with null', async () => {
    const [outbound] = (await itemsWith(['isOutbound'])).filter(({ read }) => read.isOutbound);
    const { path = '', read } = outbound ?? {};
    const { body } = await server.owner.put(path, { ...read, isOutbound: null });
    expect(body).not.toHaveProperty('isOutbound');
  });
});
