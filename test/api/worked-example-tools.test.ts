import { afterAll, beforeAll, expect, it } from 'vitest';
import { CALENDAR, type OAuthBench, outcomeOf, RETURN_TO, startOAuthBench } from '../kit/oauth.ts';

let bench: OAuthBench;
beforeAll(async () => {
  bench = await startOAuthBench();
});
afterAll(() => bench.stop());

it('steps 4 and 5 of the worked example end with a connected calendar', async () => {
  const { owner } = bench.server;
  const id = await owner.createAgent({ name: 'Acme SDR' });
  const agent = `/orgs/acme/agents/${id}`;
  const applied = await owner.post(`${agent}/apply-template`, {
    templateId: '@anychat/agent-template.sales-development',
  });
  expect(applied.body.addedToolBindings).toContain(CALENDAR);
  const binding = `${agent}/tool-bindings/%40anychat%2Ftool.google-calendar`;
  expect((await owner.get(binding)).body).toMatchObject({
    configStatus: 'incomplete',
    missing: ['calendarId'],
    oauth: { state: 'not-connected' },
  });

  const configured = await owner.put(binding, { config: { calendarId: 'sdr-team@acme.com' } });
  expect(configured.body).toMatchObject({ configStatus: 'complete', missing: [] });

  const oauth = `${agent}/tools/%40anychat%2Ftool.google-calendar/oauth`;
  const started = await owner.post(`${oauth}/start`, { returnTo: RETURN_TO });
  expect(started.body).toEqual({ authorizationUrl: expect.stringMatching(/^http/) });
  const back = await bench.oidc.browse(String(started.body.authorizationUrl));
  expect(outcomeOf(await bench.visitCallback(back))).toMatchObject({
    oauthStatus: 'success',
    toolId: CALENDAR,
  });
  expect((await owner.get(`${oauth}/status`)).body).toMatchObject({ state: 'connected' });
  expect(
    await owner.query(
      `{ org(id: "acme") { agent(id: "${id}") { toolBinding(id: "${CALENDAR}") {
        configStatus oauth { state lastError }
      } } } }`,
    ),
  ).toMatchObject({
    org: {
      agent: {
        toolBinding: { configStatus: 'COMPLETE', oauth: { state: 'CONNECTED', lastError: null } },
      },
    },
  });

  const ended = await owner.post(`${oauth}/disconnect`);
  expect(ended.body).toEqual({ state: 'not-connected', revocation: 'revoked' });
  expect((await owner.get(`${oauth}/status`)).body).toEqual({ state: 'not-connected' });
  expect((await owner.get(binding)).body).toMatchObject({ configStatus: 'complete' });
});
