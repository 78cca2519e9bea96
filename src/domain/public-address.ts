import ipaddr from 'ipaddr.js';

/** Where IPv6 addresses are handed out for the public internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Public by its range, but a cloud's own: Azure's metadata. */
const CLOUDS_OWN: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an IP address is one of the public internet: neither private,
 * loopback, link-local (a cloud's metadata too), shared, reserved or multicast,
 * nor one that wraps another address (IPv4-mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || CLOUDS_OWN.has(text)) return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}

/** The IP address that a URL names literally; undefined where it names a host. */
export function literalAddress({ hostname }: URL): string | undefined {
  // The URL parser has brought every spelling of an IPv4 address to the one with four numbers.
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? bare : undefined;
}
