import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../kit/client.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const RETAIL = '@anychat/guardrail-template.retail';

let server: TestServer;
let agent: string;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  agent = await server.owner.createAgent();
  path = `/orgs/acme/agents/${agent}/guardrails`;
});

const START = { topicsToAvoid: ['a', 'b', 'c'], requiredDisclaimers: ['d'], additionalRules: 'r' };

describe('guardrails', () => {
  it('are {} when none are set', async () => {
    const { status, body } = await server.owner.get(path);
    expect({ status, body }).toEqual({ status: 200, body: {} });
  });

  it('are replaced by PUT as a whole', async () => {
    await server.owner.put(path, START);
    const { body } = await server.owner.put(path, { claimsNotToMake: ['x'], topicsToAvoid: [] });
    expect(body).toEqual({ claimsNotToMake: ['x'], topicsToAvoid: [] });
    expect((await server.owner.get(path)).body).toEqual(body);
  });

  it.each([
    [{}, START],
    [{ topicsToAvoid: ['z'] }, { ...START, topicsToAvoid: ['z'] }],
    [{ topicsToAvoid: [] }, { ...START, topicsToAvoid: [] }],
    [
      { topicsToAvoid: { add: ['d', 'a', 'd'], remove: ['b', 'nothing'] } },
      { ...START, topicsToAvoid: ['a', 'c', 'd'] },
    ],
    [
      { topicsToAvoid: { remove: ['a'], add: ['a'] } },
      { ...START, topicsToAvoid: ['b', 'c', 'a'] },
    ],
    [{ claimsNotToMake: { add: ['x', 'x'] } }, { ...START, claimsNotToMake: ['x'] }],
    [{ claimsNotToMake: { remove: ['x'] } }, { ...START, claimsNotToMake: [] }],
    [{ topicsToAvoid: null, additionalRules: null }, { requiredDisclaimers: ['d'] }],
    [{ additionalRules: 'new' }, { ...START, additionalRules: 'new' }],
  ])('are changed by PATCH %j', async (patch, expected) => {
    await server.owner.put(path, START);
    expect((await server.owner.patch(path, patch)).body).toEqual(expected);
    expect((await server.owner.get(path)).body).toEqual(expected);
  });

  it.each([
    ['PATCH', { topicsToAvoid: { add: 'x' } }, ['topicsToAvoid.add']],
    ['PATCH', { topicsToAvoid: { push: ['x'] } }, ['topicsToAvoid.push']],
    [
      'PATCH',
      { topicsToAvoid: 'x', claimsNotToMake: [7] },
      ['claimsNotToMake[0]', 'topicsToAvoid'],
    ],
    ['PATCH', { topicsToAvoid: { set: ['x'], add: ['y'] } }, ['topicsToAvoid']],
    ['PATCH', { derivedFromTemplates: [] }, ['derivedFromTemplates']],
    ['PUT', { topicsToAvoid: [' '], escalation: {} }, ['escalation', 'topicsToAvoid[0]']],
    ['PUT', { topicsToAvoid: { add: ['x'] } }, ['topicsToAvoid']],
    ['PUT', { derivedFromTemplates: [RETAIL] }, ['derivedFromTemplates']],
  ])('refuse %s %j', async (method, input, paths) => {
    await server.owner.put(path, START);
    const answer = await server.owner.request(method, `/v1${path}`, input);
    expectRefusal(answer, 400, 'request.invalid', paths);
    expect((await server.owner.get(path)).body).toEqual(START);
  });

  it('are merged with a template: existing items first, none twice', async () => {
    const { body: template } = await server.owner.get(
      `/catalogs/guardrail-templates/${encodeURIComponent(RETAIL)}`,
    );
    const topics = template.topicsToAvoid as string[];
    const claims = template.claimsNotToMake as string[];
    await server.owner.put(path, { topicsToAvoid: ['mine', topics[1]], additionalRules: 'Mine.' });
    const { body } = await server.owner.post(`${path}/import`, { templateId: RETAIL });
    expect(body).toMatchObject({
      topicsToAvoid: ['mine', topics[1], ...topics.filter((topic) => topic !== topics[1])],
      claimsNotToMake: claims,
      derivedFromTemplates: [RETAIL],
    });
    expect(body.additionalRules).toBe('Mine.');
    const again = await server.owner.post(`${path}/import`, { templateId: RETAIL });
    expect(again.body).toEqual(body);
    const put = await server.owner.put(path, { topicsToAvoid: ['new'] });
    expect(put.body).toEqual({ topicsToAvoid: ['new'], derivedFromTemplates: [RETAIL] });
  });

  it('accept whole lists and single items in GraphQL', async () => {
    await server.owner.put(path, START);
    const data = await server.owner.query(
      `mutation ($agent: ID!) {
        updateGuardrails(org: "acme", agent: $agent, input: {
          topicsToAvoid: { remove: ["a"] }, claimsNotToMake: { set: ["x"] }, additionalRules: null
        }) { guardrails { topicsToAvoid claimsNotToMake additionalRules } }
      }`,
      { agent },
    );
    expect(data.updateGuardrails).toEqual({
      guardrails: { topicsToAvoid: ['b', 'c'], claimsNotToMake: ['x'], additionalRules: null },
    });
  });
});
