import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `sk-any-api01-` + 40 base62 characters + 6 of checksum (decisions, section 2). */
const PREFIX = 'sk-any-api01-';
const SECRET_LENGTH = 40;
const CHECKSUM_LENGTH = 6;
const SHOWN_LENGTH = 6;
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH}}[0-9A-Za-z]{${CHECKSUM_LENGTH}}$`);

/** Whether a bearer token presents itself as an API key, well-formed or not. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('sk-any-');
}

/** @param secret makes 40 base62 characters */
export function mintApiKey(secret: (alphabet: string, length: number) => string): string {
  const body = PREFIX + secret(BASE62, SECRET_LENGTH);
  return body + checksum(body);
}

/** Whether the key has the form of one and its checksum is right. */
export function isWellFormed(key: string): boolean {
  if (!FORM.test(key)) return false;
  const body = key.slice(0, -CHECKSUM_LENGTH);
  return key.slice(-CHECKSUM_LENGTH) === checksum(body);
}

/** The part of a key that may be shown, to distinguish it from others. */
export function displayPrefix(key: string): string {
  return key.slice(0, PREFIX.length + SHOWN_LENGTH);
}

/** What is stored of a key: its SHA-256, hex. */
export function hashApiKey(key: string): string {
  return hash('sha256', key, 'hex');
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i += 1) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
