import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_AGENT } from '../../src/demo/demo.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ DEMO_DATA: '1' });
});
afterAll(() => server.stop());

interface Demo {
  readonly version: number;
  readonly versionUsage: readonly { version: number; messageCount: number }[];
  readonly people: {
    readonly nodes: readonly {
      fullName: string;
      channels: { channel: string; lastSeenAt: string | null }[];
      conversations: { nodes: { person: { fullName: string } | null }[] };
    }[];
  };
}

async function demo(): Promise<Demo> {
  const data = await server.owner.query(`{ org(id: "acme") { agent(id: "${DEMO_AGENT}") {
    version
    versionUsage { version messageCount }
    people { nodes {
      fullName channels { channel lastSeenAt } conversations { nodes { person { fullName } } }
    } }
  } } }`);
  return (data as { org: { agent: Demo } }).org.agent;
}

it('has people with conversations, by their phone number and by a link', async () => {
  const { people } = await demo();
  const known = people.nodes.filter(({ channels }) => channels.length > 0);
  const channels = Object.fromEntries(known.map((it) => [it.fullName, it.channels[0]?.channel]));
  expect(channels).toEqual({
    'Dana Whitfield': 'rcs',
    'Marco Ruiz': 'whatsapp',
    Sam: 'sms',
    'Aiko Tanaka': 'webchat',
  });
  for (const { fullName, conversations, channels } of known) {
    expect(channels[0]?.lastSeenAt, fullName).toBeTruthy();
    expect(conversations.nodes.length, fullName).toBeGreaterThan(0);
    for (const { person } of conversations.nodes) expect(person?.fullName).toBe(fullName);
  }
});

it('has answers of the two newest versions of the agent', async () => {
  const { version, versionUsage } = await demo();
  expect(versionUsage.map((it) => it.version)).toEqual([version, version - 1]);
  for (const { messageCount } of versionUsage) expect(messageCount).toBeGreaterThan(0);
});
