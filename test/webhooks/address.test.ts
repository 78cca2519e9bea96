import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import { isPublicAddress, literalAddress } from '../../src/domain/public-address.ts';
import { Sender } from '../../src/webhooks/send.ts';
import { type Receiver, startReceiver } from '../kit/receiver.ts';

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local', '169.254.1.1'],
    ['link-local', 'fe80::1'],
    ['metadata', '169.254.169.254'],
    ['metadata', '168.63.129.16'],
    ['CGNAT', '100.64.0.1'],
    ['CGNAT', '100.100.100.200'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['broadcast', '255.255.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['documentation', '192.0.2.1'],
    ['benchmarking', '198.18.0.1'],
    ['IPv4-mapped', '::ffff:10.0.0.1'],
    ['IPv4-mapped', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::127.0.0.1'],
    ['NAT64, local', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
    ['site-local', 'fec0::1'],
    ['no address', 'localhost'],
    ['no address', ''],
  ])('of the kind %s is not public: %s', (_, address) =>
    expect(isPublicAddress(address)).toBe(false),
  );

  it.each([
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f.1/', '127.0.0.1'],
    ['https://0177.0.0.1/', '127.0.0.1'],
    ['https://[::1]:8443/', '::1'],
    ['https://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['https://example.com/', undefined],
  ])('is parsed from %s', (url, address) => expect(literalAddress(new URL(url))).toBe(address));
});

describe('sending', () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const event: DomainEvent = {
    id: 'evt_1',
    type: 'org.updated',
    timestamp: '2026-01-01T00:00:00.000Z',
    data: { id: 'acme', orgId: 'acme' },
  };
  let receiver: Receiver;
  let answers: LookupAddress[][];
  let lookups: number;

  /** A DNS lookup that returns each of `answers` in turn, and then repeats the last one. */
  const resolve = ((_: string, __: object, done: (e: null, all: LookupAddress[]) => void) => {
    lookups += 1;
    done(null, (answers.length > 1 ? answers.shift() : answers[0]) ?? []);
  }) as unknown as ConstructorParameters<typeof Sender>[1];

  const v4 = (address: string): LookupAddress => ({ address, family: 4 });
  const v6 = (address: string): LookupAddress => ({ address, family: 6 });

  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.stop());
  beforeEach(() => {
    lookups = 0;
    receiver.received.length = 0;
  });

  async function sendTo(host: string, allowPrivate = false) {
    const sender = new Sender(allowPrivate, resolve);
    const { port } = new URL(receiver.url);
    try {
      return await sender.send(`http://${host}:${port}/`, [secret], event, new Date());
    } finally {
      await sender.close();
    }
  }

  it.each([
    ['a loopback address', [v4('127.0.0.1')]],
    ['a loopback address behind a public one', [v4('93.184.216.34'), v4('127.0.0.1')]],
    ['an IPv6 loopback', [v6('::1')]],
    ['a mapped address', [v6('::ffff:127.0.0.1')]],
    ['no address', []],
  ])('is refused when the name resolves to %s', async (_, addresses) => {
    answers = [addresses];
    const sent = await sendTo('receiver.test');
    expect(sent).toEqual({ error: expect.stringContaining('not an address of the public') });
    expect(receiver.received).toEqual([]);
  });

  it('resolves the name once per connection, so that a second answer is not used', async () => {
    answers = [[v4('127.0.0.1')], [v4('93.184.216.34')]];
    expect(await sendTo('receiver.test')).toHaveProperty('error');
    expect(lookups).toBe(1);
    expect(receiver.received).toEqual([]);
  });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f000001'])(
    'is refused when the host is the literal %s',
    async (host) => {
      expect(await sendTo(host)).toHaveProperty('error');
      expect(receiver.received).toEqual([]);
    },
  );

  it('reaches a private address when those are allowed', async () => {
    expect(await sendTo('127.0.0.1', true)).toMatchObject({ statusCode: 200 });
    expect(receiver.received).toHaveLength(1);
  });

  it('returns the reason when the connection is refused', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const sender = new Sender(true);
    const sent = await sender.send(gone.url, [secret], event, new Date());
    expect(sent).toEqual({ error: expect.stringContaining('ECONNREFUSED') });
    await sender.close();
  });
});
