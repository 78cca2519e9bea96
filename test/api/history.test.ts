import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attributed } from '../../src/work.ts';
import { type Answer, type Client, expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';

const HOOK = '@anychat/tool.custom-http-webhook';

let server: TestServer;
let anna: Client;
let ben: Client;
let agent: string;

beforeAll(async () => {
  server = await startTestServer();
  anna = await server.as('editor');
  ben = await server.as('owner');
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = `/orgs/acme/agents/${await anna.createAgent({ name: 'Acme' })}`;
});

interface Version {
  readonly version: number;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly door: string;
  readonly requestId: string;
  readonly message?: string;
  readonly sections: readonly string[];
  readonly restoredFrom?: number;
  readonly current: boolean;
}

async function listed(query = ''): Promise<readonly Version[]> {
  const { status, body } = await anna.get(`${agent}/history${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data as Version[];
}

const numbers = async (query = '') => (await listed(query)).map(({ version }) => version);

async function edited(answer: Promise<Answer>): Promise<number> {
  const { status, body, headers } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return Number(headers.get('etag')?.replaceAll('"', ''));
}

const setText = (text: string, client = anna, headers = {}) =>
  edited(client.put(`${agent}/personality`, { text }, headers));

const changesOf = async (version: number, query = '') =>
  (await anna.get(`${agent}/history/${version}/changes${query}`)).body.data;

const restore = (version: number, body?: object, headers = {}) =>
  anna.post(`${agent}/history/${version}/_restore`, body, headers);

describe('the list of versions', () => {
  it('says who made each version, how, why and what it changed, newest first', async () => {
    await setText('Warm.', anna, { 'X-Change-Message': 'Warmer', 'X-Request-Id': 'request-1' });
    await edited(ben.patch(agent, { name: 'Beta', identity: { brandColor: '#000000' } }));
    await ben.query(
      `mutation ($id: ID!) { updateAgent(org: "acme", agent: $id, input: { description: "x" }) { id } }`,
      { id: agent.split('/').at(-1) },
    );
    const versions = await listed();
    expect(versions).toMatchObject([
      { version: 4, door: 'graphql', sections: ['agent'], current: true, actor: { name: 'owner' } },
      { version: 3, door: 'rest', sections: ['agent', 'identity'], current: false },
      {
        version: 2,
        actor: { kind: 'apiKey', name: 'editor' },
        requestId: 'request-1',
        message: 'Warmer',
        sections: ['personality'],
      },
      { version: 1, sections: ['agent', 'identity', 'channels'] },
    ]);
    expect(versions[2]?.actor.id).not.toBe(versions[1]?.actor.id);
    const one = await anna.get(`${agent}/history/2`);
    expect(one.body).toEqual(versions[2]);
    expect(one.headers.get('etag')).toBe('"4"');
  });

  it('is read in pages, by section, by actor and by time', async () => {
    for (let i = 0; i < 5; i += 1) await setText(`Text ${i}`, i % 2 ? anna : ben);
    await edited(ben.patch(agent, { name: 'Beta' }));
    const [last] = await listed();
    const actor = last?.actor.id;
    expect(await numbers('?section=personality')).toEqual([6, 5, 4, 3, 2]);
    expect(await numbers(`?actor=${actor}`)).toEqual([7, 6, 4, 2]);
    expect(await numbers(`?actor=${actor}&section=personality`)).toEqual([6, 4, 2]);
    expect(await numbers('?actor=nobody')).toEqual([]);
    expect(await numbers('?section=skills')).toEqual([]);
    const read: number[] = [];
    for (let token = ''; ; ) {
      const { body } = await anna.get(`${agent}/history?limit=2&section=personality${token}`);
      read.push(...(body.data as Version[]).map(({ version }) => version));
      if (!body.nextPageToken) break;
      token = `&pageToken=${body.nextPageToken}`;
    }
    expect(read).toEqual([6, 5, 4, 3, 2]);
    const { at } = (await listed()).find(({ version }) => version === 4) ?? {};
    expect(await numbers(`?start=${at}`)).toEqual(
      (await listed()).filter((it) => it.at >= String(at)).map(({ version }) => version),
    );
    expect(await numbers(`?end=${at}`)).toEqual(
      (await listed()).filter((it) => it.at < String(at)).map(({ version }) => version),
    );
    expectRefusal(await anna.get(`${agent}/history?section=people`), 400, 'request.invalid');
  });

  it('has the versions of background changes and of an operator', async () => {
    const { services } = server;
    const ref = { org: 'acme', id: agent.split('/').at(-1) ?? '' };
    const channel = await anna.post(`${agent}/channels`, {
      channel: 'sms',
      mode: 'unmanaged',
      provider: 'twilio',
      auth: { accountSid: 'AC1', authToken: 'tok-one', phoneNumber: '+14155550132' },
    });
    expect(channel.status).toBe(201);
    const work = attributed(WORK, { actor: { kind: 'operator', id: 'root' }, door: 'cli' });
    await services.channels.move(work, ref, String(channel.body.id), {
      to: 'Disabled',
      actor: 'sysop',
    });
    expect(await listed('?actor=root')).toMatchObject([
      { version: 3, door: 'cli', actor: { kind: 'operator' }, sections: ['channels'] },
    ]);
    expect(await numbers('?section=channels')).toEqual([3, 2, 1]);
    expect(await changesOf(3)).toEqual([]);
  });

  it('has no version of a change that changes nothing', async () => {
    await setText('Warm.');
    expect(await setText('Warm.')).toBe(2);
    expect(await numbers()).toEqual([2, 1]);
  });
});

describe('a version', () => {
  it('is exported as it was then, in both formats', async () => {
    const exports: string[][] = [];
    const exported = async (path: string) => {
      const yaml = await anna.get(path);
      const json = await anna.get(`${path}?format=json`);
      expect(yaml.headers.get('content-type')).toContain('application/yaml');
      return [String(yaml.body), JSON.stringify(json.body)];
    };
    for (const text of ['One.', 'Two.\n', 'Three 😀']) {
      await setText(text);
      exports.push(await exported(`${agent}/export`));
    }
    for (const [i, then] of exports.entries()) {
      expect(await exported(`${agent}/history/${i + 2}/export`)).toEqual(then);
    }
    const etag = (await anna.get(`${agent}/history/2/export`)).headers.get('etag') ?? '';
    const again = await anna.get(`${agent}/history/2/export`, { 'If-None-Match': etag });
    expect(again.status).toBe(304);
  });

  it('is compared with the one before, or with any other', async () => {
    await setText('One.');
    await setText('Two.');
    await edited(anna.post(`${agent}/skills`, { id: 's', name: 'S', body: 'b' }));
    const text = { section: 'personality', path: 'text' };
    expect(await changesOf(3)).toEqual([
      { ...text, kind: 'changed', before: 'One.', after: 'Two.' },
    ]);
    expect(await changesOf(2, '?against=3')).toEqual([
      { ...text, kind: 'changed', before: 'Two.', after: 'One.' },
    ]);
    expect(await changesOf(4, '?against=2')).toMatchObject([
      { ...text, kind: 'changed' },
      { section: 'skills', itemId: 's', path: '', kind: 'added' },
      { section: 'skills', itemId: 's', path: 'name', kind: 'added', after: 'S' },
      { section: 'skills', itemId: 's', path: 'enabled', kind: 'added', after: true },
      { section: 'skills', itemId: 's', path: 'body', kind: 'added', after: 'b' },
    ]);
    expect(await changesOf(1)).toEqual([
      { section: 'agent', path: 'name', kind: 'added', after: 'Acme' },
    ]);
  });

  it('that does not exist is a 404', async () => {
    for (const path of ['9', '9/export', '9/changes', '1/changes?against=9', '0']) {
      expectRefusal(await anna.get(`${agent}/history/${path}`), 404, 'version.not_found');
    }
    expectRefusal(await restore(9), 404, 'version.not_found');
    expectRefusal(await anna.get(`${agent}/history/x`), 400, 'request.invalid');
  });

  it('shows that a secret changed, and nothing of it', async () => {
    const binding = `${agent}/tool-bindings/${encodeURIComponent(HOOK)}`;
    await edited(anna.put(binding, { config: { url: 'https://a.example/first-secret-1111' } }));
    await edited(anna.patch(binding, { config: { url: 'https://a.example/second-secret-2222' } }));
    expect(await changesOf(3)).toEqual([
      { section: 'toolBindings', itemId: HOOK, path: 'config.url', kind: 'changed' },
    ]);
    expect(JSON.stringify(await changesOf(3, '?against=1'))).not.toMatch(/1111|2222|secret/);
  });
});

describe('a restore', () => {
  it('gives one section its earlier content, as a new version', async () => {
    await setText('One.');
    await edited(anna.patch(agent, { name: 'Beta' }));
    await setText('Two.');
    const { status, body, headers } = await restore(2, {
      sections: ['personality'],
      message: 'Back',
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ agent: { name: 'Beta' }, restored: ['personality'] });
    expect(headers.get('etag')).toBe('"5"');
    expect((await anna.get(`${agent}/personality`)).body).toEqual({ text: 'One.' });
    expect((await listed())[0]).toMatchObject({ version: 5, restoredFrom: 2, message: 'Back' });
  });

  it('of everything gives the same export again', async () => {
    await edited(
      anna.post(`${agent}/apply-template`, {
        templateId: '@anychat/agent-template.sales-development',
      }),
    );
    const then = (await anna.get(`${agent}/export`)).body;
    await edited(
      anna.post(`${agent}/import`, { skills: null, playbooks: null, personality: null }),
    );
    await edited(anna.patch(agent, { name: 'Beta', description: 'x' }));
    const { body } = await restore(2);
    expect(body.restored).toEqual(['agent', 'personality', 'playbooks', 'skills']);
    expect(body.agent).toMatchObject({ name: 'Acme' });
    expect(body.agent).not.toHaveProperty('description');
    expect((await anna.get(`${agent}/export`)).body).toBe(then);
  });

  it('that changes nothing keeps the version', async () => {
    await setText('One.');
    const { status, body, headers } = await restore(2);
    expect({ status, restored: body.restored }).toEqual({ status: 200, restored: [] });
    expect(headers.get('etag')).toBe('"2"');
    expect(await numbers()).toEqual([2, 1]);
  });

  it('at another version than expected changes nothing', async () => {
    await setText('One.');
    await setText('Two.');
    const refused = await restore(2, undefined, { 'If-Match': '"2"' });
    expectRefusal(refused, 412, 'version.mismatch');
    expect(await numbers()).toEqual([3, 2, 1]);
    expect((await restore(2, undefined, { 'If-Match': '"3"' })).status).toBe(200);
  });

  it('that would leave a reference without its target is refused with every problem', async () => {
    await edited(anna.post(`${agent}/skills`, { id: 's', name: 'S', body: 'b' }));
    await edited(anna.post(`${agent}/skills`, { id: 't', name: 'T', body: 'b' }));
    const playbook = { name: 'P', body: 'b', skillRefs: ['s', 't'] };
    await edited(anna.post(`${agent}/playbooks`, playbook));
    const refused = await restore(1, { sections: ['skills'] });
    expectRefusal(refused, 409, 'version.not_restorable', [
      'playbooks[0].skillRefs[0]',
      'playbooks[0].skillRefs[1]',
    ]);
    expect((await anna.get(`${agent}/skills/s`)).status).toBe(200);
    const both = await restore(1, { sections: ['skills', 'playbooks'] });
    expect(both.body.restored).toEqual(['playbooks', 'skills']);
    // And back: the playbooks of then need the skills of then.
    expectRefusal(await restore(4, { sections: ['playbooks'] }), 409, 'version.not_restorable');
    expect((await restore(4)).body.restored).toEqual(['playbooks', 'skills']);
  });

  it('keeps the secrets of tools that remain bound', async () => {
    const binding = `${agent}/tool-bindings/${encodeURIComponent(HOOK)}`;
    await edited(anna.put(binding, { config: { url: 'https://a.example/x', method: 'POST' } }));
    await edited(anna.patch(binding, { config: { method: 'PUT' } }));
    expect((await restore(2)).body.restored).toEqual(['toolBindings']);
    expect((await anna.get(binding)).body).toMatchObject({
      config: { url: { configured: true }, method: 'POST' },
      configStatus: 'complete',
    });
  });

  it('accepts the sections that can be restored, and no other field', async () => {
    expectRefusal(await restore(1, { sections: ['channels'] }), 400, 'request.invalid', [
      'sections[0]',
    ]);
    expectRefusal(await restore(1, { section: 'skills' }), 400, 'request.invalid', ['section']);
    expectRefusal(await restore(1, { message: 'x'.repeat(501) }), 400, 'request.invalid', [
      'message',
    ]);
  });
});

describe('in GraphQL', () => {
  it('versions, their changes and definitions, and a restore are reached from the agent', async () => {
    await setText('One.');
    await setText('Two.');
    const id = agent.split('/').at(-1);
    const data = await anna.query(
      `query ($id: ID!) { org(id: "acme") { agent(id: $id) {
        version
        history(first: 2, section: PERSONALITY) { nodes { version current changes { path before after } } }
        atVersion(version: 2) { version definition(format: JSON) changes(against: 3) { after } }
        changes(from: 1) { section kind after }
      } } }`,
      { id },
    );
    expect(data).toMatchObject({
      org: {
        agent: {
          version: 3,
          history: {
            nodes: [
              {
                version: 3,
                current: true,
                changes: [{ path: 'text', before: 'One.', after: 'Two.' }],
              },
              { version: 2, current: false },
            ],
          },
          atVersion: { version: 2, changes: [{ after: 'One.' }] },
          changes: [{ section: 'PERSONALITY', kind: 'ADDED', after: 'Two.' }],
        },
      },
    });
    const restored = await anna.query(
      `mutation ($id: ID!) { restoreAgent(
        org: "acme", agent: $id, version: 2, sections: [PERSONALITY], expectedVersion: 3
      ) { restored agent { version personality { text } } } }`,
      { id },
    );
    expect(restored).toEqual({
      restoreAgent: {
        restored: ['PERSONALITY'],
        agent: { version: 4, personality: { text: 'One.' } },
      },
    });
  });

  it('a version that does not exist costs its own field', async () => {
    const { data, errors } = await anna.graphql(
      `query ($id: ID!) { org(id: "acme") { agent(id: $id) {
        name atVersion(version: 9) { version } changes(from: 9) { path }
      } } }`,
      { id: agent.split('/').at(-1) },
    );
    expect(data).toEqual({ org: { agent: { name: 'Acme', atVersion: null, changes: null } } });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'version.not_found',
      'version.not_found',
    ]);
  });

  it('lists of agents reach the versions of each', async () => {
    const data = await anna.query(
      `{ org(id: "acme") { agents(first: 2) { nodes { history(first: 1) { nodes { version } } } } } }`,
    );
    const { nodes } = (data.org as { agents: { nodes: object[] } }).agents;
    expect(nodes[0]).toEqual({ history: { nodes: [{ version: 1 }] } });
  });
});

describe('an agent that is created again', () => {
  it('continues behind the numbers of the removed one, and has none of its versions', async () => {
    const id = agent.split('/').at(-1);
    const etag = (await anna.get(agent)).headers.get('etag') ?? '';
    await setText('One.');
    await anna.delete(agent);
    expect(await anna.createAgent({ id, name: 'Ben' })).toBe(id);
    const { status, headers } = await anna.get(agent, { 'If-None-Match': etag });
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"4"');
    expect(await numbers()).toEqual([4]);
    for (const version of [1, 2, 3]) {
      expectRefusal(await anna.get(`${agent}/history/${version}`), 404, 'version.not_found');
    }
    const stale = await anna.patch(agent, { name: 'x' }, { 'If-Match': etag });
    expectRefusal(stale, 412, 'version.mismatch');
    expect(await changesOf(4)).toEqual([
      { section: 'agent', path: 'name', kind: 'added', after: 'Ben' },
    ]);
  });
});
