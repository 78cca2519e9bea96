import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const QUALIFY = '@anychat/objective-template.qualify-leads';

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}/objectives`;
});

type Listed = { id: string; priority: number }[];

async function ranks(): Promise<string[]> {
  const { body } = await server.owner.get(path);
  return (body.data as Listed).map(({ id, priority }) => `${id}:${priority}`);
}

async function putAll(...ids: string[]) {
  const objectives = ids.map((id) => ({ id, name: id, body: `Do ${id}.` }));
  expect((await server.owner.put(path, { objectives })).status).toBe(200);
}

describe('objectives', () => {
  it('are empty on a new agent', async () => {
    expect((await server.owner.get(path)).body).toEqual({ data: [] });
  });

  it('are added after the highest priority, or at the given one', async () => {
    const first = await server.owner.post(path, { name: 'Qualify Lead', body: 'Qualify.' });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: 'qualify-lead',
      name: 'Qualify Lead',
      body: 'Qualify.',
      priority: 1,
    });
    expect(first.headers.get('location')).toBe(`/v1${path}/qualify-lead`);
    await server.owner.post(path, { id: 'z', name: 'Z', body: 'Z', priority: 7.5 });
    await server.owner.post(path, { id: 'a', name: 'A', body: 'A' });
    await server.owner.post(path, { id: 'first', name: 'F', body: 'F', priority: 0 });
    expect(await ranks()).toEqual(['first:0', 'qualify-lead:1', 'z:7.5', 'a:8.5']);
  });

  it('are replaced as a list, with derived ids and positions as priorities', async () => {
    const { body } = await server.owner.put(path, {
      objectives: [
        { name: 'Same', body: 'One' },
        { name: 'Same', body: 'Two' },
        { id: 'same-2', name: 'Three', body: 'Three', priority: 1 },
      ],
    });
    const listed = body.data as Listed;
    expect(listed.map(({ id, priority }) => [id, priority])).toEqual([
      ['same', 1],
      ['same-2', 1],
      ['same-3', 2],
    ]);
    expect((await server.owner.put(path, { objectives: listed })).body.data).toEqual(listed);
    expect((await server.owner.put(path, { objectives: [] })).body).toEqual({ data: [] });
  });

  it('are reordered by an object or a bare list: listed ones first, then the others', async () => {
    await putAll('a', 'b', 'c', 'd');
    const { body } = await server.owner.post(`${path}/_reorder`, { ids: ['d', 'b'] });
    expect((body.data as Listed).map(({ id }) => id)).toEqual(['d', 'b', 'a', 'c']);
    await server.owner.post(`${path}/_reorder`, ['c']);
    expect(await ranks()).toEqual(['c:1', 'd:2', 'b:3', 'a:4']);
  });

  it.each([
    [{ ids: ['a', 'x', 'a'] }, ['ids[1]', 'ids[2]']],
    [['a', 'x'], ['ids[1]']],
    [{ ids: [{}] }, ['ids[0]']],
    [{ ids: 'a' }, ['ids']],
    [{}, ['ids']],
    [[7.5], ['[0]']],
  ])('are not reordered by %j', async (order, paths) => {
    await putAll('a', 'b');
    const answer = await server.owner.post(`${path}/_reorder`, order);
    expectRefusal(answer, 400, 'request.invalid', paths);
    expect(await ranks()).toEqual(['a:1', 'b:2']);
  });

  it('are edited one by one, and move when their priority changes', async () => {
    await putAll('a', 'b');
    const patched = await server.owner.patch(`${path}/b`, { priority: 0, description: 'Why' });
    expect(patched.body).toMatchObject({ id: 'b', priority: 0, description: 'Why' });
    expect(await ranks()).toEqual(['b:0', 'a:1']);
    const put = await server.owner.put(`${path}/b`, { name: 'B', body: 'New' });
    expect(put.body).toEqual({ id: 'b', name: 'B', body: 'New', priority: 0 });
    expect((await server.owner.get(`${path}/b`)).body).toEqual(put.body);
    const { body } = await server.owner.delete(`${path}/a`);
    expect(body).toEqual({ data: [put.body] });
  });

  it('are imported from a template, and replaced in place by a second import', async () => {
    await putAll('a');
    const { status, body } = await server.owner.post(`${path}/import`, { templateId: QUALIFY });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'qualify-leads',
      name: 'Qualify Leads',
      priority: 2,
      derivedFrom: { templateId: QUALIFY },
    });
    await server.owner.patch(`${path}/qualify-leads`, { body: 'Mine.', priority: 0.5 });
    await server.owner.put(`${path}/qualify-leads`, { name: 'Mine', body: 'Mine.' });
    const again = await server.owner.post(`${path}/import`, { templateId: QUALIFY });
    expect(again.body).toEqual({ ...body, priority: 0.5 });
    const moved = await server.owner.post(`${path}/import`, { templateId: QUALIFY, priority: 9 });
    expect(moved.body).toEqual({ ...body, priority: 9 });
    expect(await ranks()).toEqual(['a:1', 'qualify-leads:9']);
  });

  it('keep their provenance, which clients cannot set', async () => {
    const { body } = await server.owner.post(`${path}/import`, { templateId: QUALIFY });
    const { id, derivedFrom, ...content } = body;
    const put = await server.owner.put(`${path}/${id}`, { ...content, name: 'Mine' });
    expect(put.body.derivedFrom).toEqual(derivedFrom);
    const listed = await server.owner.put(path, { objectives: [{ id, ...content }] });
    expect((listed.body.data as object[])[0]).toEqual(body);
    const forged = { ...content, derivedFrom: { templateId: QUALIFY, version: '99' } };
    const answers = [
      await server.owner.put(`${path}/${id}`, forged),
      await server.owner.put(path, { objectives: [forged] }),
      await server.owner.post(path, forged),
    ];
    expect(answers.map(({ status, body }) => [status, body.message])).toEqual([
      [400, 'derivedFrom: cannot be changed'],
      [400, 'objectives[0].derivedFrom: cannot be changed'],
      [400, 'derivedFrom: is not a field here'],
    ]);
  });

  it.each([
    ['POST', '', { name: ' ' }, ['body', 'name']],
    ['POST', '', { name: 'x', body: 'x', id: 'X', priority: 1 }, ['id']],
    ['POST', '', { name: 'x', body: 'x', priority: '1' }, ['priority']],
    ['PUT', '', {}, ['objectives']],
    ['PUT', '', { objectives: [{ name: 'x' }, 7] }, ['objectives[0].body', 'objectives[1]']],
    [
      'PUT',
      '',
      { objectives: ['a', 'b', 'a'].map((id) => ({ id, name: 'x', body: 'x' })) },
      ['objectives[2].id'],
    ],
    ['PATCH', '/a', { body: null, priority: null }, ['body', 'priority']],
    ['PUT', '/a', { id: 'b', name: 'x', body: 'x' }, ['id']],
    ['POST', '/import', {}, ['templateId']],
  ])('refuse %s %s %j', async (method, suffix, input, paths) => {
    await putAll('a', 'b');
    const answer = await server.owner.request(method, `/v1${path}${suffix}`, input);
    expectRefusal(answer, 400, 'request.invalid', paths);
    expect(await ranks()).toEqual(['a:1', 'b:2']);
  });

  it('refuse an unknown id with 404, and an id in use with 409', async () => {
    await putAll('a');
    const missing = 'objective.not_found';
    expectRefusal(await server.owner.get(`${path}/x`), 404, missing);
    expectRefusal(await server.owner.patch(`${path}/x`, {}), 404, missing);
    expectRefusal(await server.owner.delete(`${path}/x`), 404, missing);
    const taken = await server.owner.post(path, { id: 'a', name: 'A', body: 'A' });
    expectRefusal(taken, 409, 'objective.id_taken', ['id']);
    const unknown = await server.owner.post(`${path}/import`, { templateId: 'nope' });
    expect(unknown.status).toBe(404);
  });

  it('require the scope templates:apply for an import', async () => {
    const writer = await server.as('editor', ['agents:write']);
    const applier = await server.as('editor', ['templates:apply']);
    const refused = await writer.post(`${path}/import`, { templateId: QUALIFY });
    expectRefusal(refused, 403, 'auth.scope_missing');
    expect((await applier.post(`${path}/import`, { templateId: QUALIFY })).status).toBe(200);
  });
});
