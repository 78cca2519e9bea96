import ipaddr from 'ipaddr.js';

/** The IPv6 range of the public internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** In a public range, but internal to a cloud: Azure's metadata service. */
const CLOUD_INTERNAL: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an IP address belongs to the public internet. Private, loopback, link-local (a
 * cloud's metadata too), shared, reserved and multicast addresses do not, nor do those
 * that embed another address (IPv4-mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || CLOUD_INTERNAL.has(text)) return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}

/** The IP address in a URL; undefined if the URL has a host name. */
export function literalAddress({ hostname }: URL): string | undefined {
  // The URL parser has rewritten every spelling of an IPv4 address as four decimal numbers.
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? bare : undefined;
}
