import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/**
 * The address of the client.
 *
 * @param proxies how many proxies are in front of the server. Each appends the address of its peer
 *   to `X-Forwarded-For`; what is before those entries is the client's own, and is ignored.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const peer = request.socket.remoteAddress ?? '';
  if (proxies === 0) return peer;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const named = forwarded.at(-proxies)?.trim() ?? '';
  return ipaddr.isValid(named) ? named : peer;
}

const PREFIX_BYTES = 8;

/** By what requests are counted: an IPv4 address, or the /64 of an IPv6 one, which one client has. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const ip = ipaddr.process(address);
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString();
  return Buffer.from(ip.toByteArray().slice(0, PREFIX_BYTES)).toString('hex');
}
