import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

type Fields = Record<string, unknown>;

/** Values that one check or another of a format could accept or refuse. */
const URLS = [
  'https://acme.com/logo.png',
  'HTTPS://ACME.COM',
  'http://acme.com',
  ' https://acme.com',
  'https://acme.com/a b',
  'https://acme.com/ü',
  'ftp://acme.com',
  `https://acme.com/${'x'.repeat(2_000)}`,
];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  name: ['Acme', 'x'.repeat(101), 'x'.repeat(200), '😀'.repeat(150)],
  description: ['Sells things.', '', ' ', 'x'.repeat(2_000)],
  'identity.smallLogoUrl': URLS,
  'identity.largeBannerUrl': URLS,
  'identity.websiteUrl': URLS,
  'identity.privacyPolicyUrl': URLS,
  'identity.termsOfServiceUrl': URLS,
  'identity.brandColor': ['#1a73e8', '#fff', '#ffff', '#11223344', '1a73e8', '#FFF'],
  'identity.contactEmail': ['hi@acme.com', 'a@b', "o'neil@acme.com", 'jörg@acme.com', '.a@b.cd'],
  'identity.contactPhone': ['+14155550132', '+1 (415) 555-0132', '+14155550132;ext=5', '112'],
  'identity.contactAvailability': ['Mon–Fri 9–5 PT', '', 'x'.repeat(2_000)],
};

/** By channel: the fields of its form that an agent pre-fills, by what they are filled from. */
const CHANNELS = loadCatalog()
  .channels.list()
  .map(({ id, managed }) => {
    const fields = Object.entries(managed.inputsSchema.properties as Record<string, Fields>);
    const seeded = fields.flatMap(([field, schema]) => {
      const source = schema['x-seededFrom'];
      return typeof source === 'string' ? [[source, field] as const] : [];
    });
    return { id, seeds: seeded };
  });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** The agent's value, as it was stored. */
function stored(agent: Fields, source: string): unknown {
  return source.split('.').reduce<unknown>((at, step) => (at as Fields | undefined)?.[step], agent);
}

/** Binds a channel; the web chat that comes with the agent is bound again. @returns its inputs */
async function inputsOf(path: string, channel: string): Promise<Fields> {
  const { data } = (await server.owner.get(`${path}/channels`)).body as { data: Fields[] };
  const bound = data.find((it) => it.channel === channel);
  if (bound) await server.owner.delete(`${path}/channels/${bound.id}`);
  const request = { channel, mode: 'managed' };
  const { status, body } = await server.owner.post(`${path}/channels`, request);
  expect({ status, body }).toMatchObject({ status: 201 });
  return (body.inputs ?? {}) as Fields;
}

describe('a value that an agent accepts', () => {
  it('is covered here for everything that pre-fills a form', () => {
    const sources = new Set(CHANNELS.flatMap(({ seeds }) => seeds.map(([source]) => source)));
    expect(Object.keys(VALUES)).toEqual(expect.arrayContaining([...sources]));
  });

  it.each(Object.entries(VALUES))(
    'as %s pre-fills every channel unchanged',
    async (source, values) => {
      let accepted = 0;
      for (const value of values) {
        const path = `/orgs/acme/agents/${await server.owner.createAgent()}`;
        const patch = source.startsWith('identity.')
          ? { identity: { [source.slice('identity.'.length)]: value } }
          : { [source]: value };
        const { status, body: agent } = await server.owner.patch(path, patch);
        if (status === 400) continue;
        accepted += 1;
        const kept = stored(agent, source);
        for (const { id, seeds } of CHANNELS) {
          const field = seeds.find(([from]) => from === source)?.[1];
          if (field === undefined) continue;
          const inputs = await inputsOf(path, id);
          // A blank text says nothing: the field is left for its operator.
          const wanted = String(kept).trim() === '' ? undefined : kept;
          expect({ channel: id, value: inputs[field] }).toEqual({ channel: id, value: wanted });
        }
      }
      expect(accepted).toBeGreaterThan(0);
    },
  );
});
