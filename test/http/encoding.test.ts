import { describe, expect, it } from 'vitest';
import { type Encoding, encodingOf } from '../../src/http/encoding.ts';

describe('the coding of an answer', () => {
  it.each<[string | undefined, Encoding]>([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br, gzip', 'br'],
    ['deflate, zstd', 'identity'],
    ['*', 'br'],
    ['*;q=0.5, gzip', 'gzip'],
    ['gzip;q=0.5, br;q=0.4', 'gzip'],
    ['gzip ; q=0.5 , br ; q=0.9', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['identity, gzip;q=0.5', 'identity'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['*;q=0', 'identity'],
    ['identity;q=0, *;q=0', 'identity'],
    ['gzip;q=x', 'identity'],
    ['gzip;q=', 'identity'],
    ['gzip;q=-1', 'identity'],
    ['gzip;q=2', 'identity'],
    [',, ;q=1, gzip', 'gzip'],
  ])('is, for Accept-Encoding %j, %s', (accepted, encoding) => {
    expect(encodingOf(accepted)).toBe(encoding);
  });

  it('is one that exists', () => {
    expect(encodingOf('br, gzip;q=0.5', (encoding) => encoding === 'gzip')).toBe('gzip');
    expect(encodingOf('br, gzip', () => false)).toBe('identity');
  });
});
