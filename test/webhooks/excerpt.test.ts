import { describe, expect, it } from 'vitest';
import { excerptOf, MAX_EXCERPT_BYTES, MAX_READ_BYTES } from '../../src/webhooks/excerpt.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const bodyOf = (text: string, type: string | undefined = 'text/plain') =>
  excerptOf(type, false, Buffer.from(text), [SECRET]).body;

describe('the excerpt of an answer', () => {
  it('has the media type and the text', () => {
    const type = 'application/json; charset=utf-8';
    const body = '{"error":"no such order"}\n';
    expect(excerptOf(type, false, Buffer.from(body), [])).toEqual({ type, body });
  });

  it.each([
    ['a'.repeat(MAX_READ_BYTES), 'a'.repeat(MAX_EXCERPT_BYTES)],
    ['é'.repeat(1_000), 'é'.repeat(512)],
    [`a${'漢'.repeat(1_000)}`, `a${'漢'.repeat(341)}`],
    [`ab${'\u{1f600}'.repeat(400)}`, `ab${'\u{1f600}'.repeat(255)}`],
  ])('is cut between characters', (text, excerpt) => {
    expect(bodyOf(text)).toBe(excerpt);
  });

  it.each([
    ['an image', 'image/png', false],
    ['bytes', 'application/octet-stream', false],
    ['a compressed text', 'text/plain', true],
  ])('has no text of %s', (_, type, encoded) => {
    expect(excerptOf(type, encoded, Buffer.from('text'), [])).toEqual({ type });
  });

  it('has no control characters and no invalid bytes', () => {
    const bytes = Buffer.from([0x61, 0x00, 0x1b, 0x9b, 0xff, 0x0a, 0x62]);
    expect(excerptOf(undefined, false, bytes, [])).toEqual({
      body: 'a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\nb',
    });
  });

  it('bounds the media type', () => {
    const { type } = excerptOf(`text/plain; a=${'b'.repeat(10_000)}`, false, Buffer.alloc(0), []);
    expect(type).toHaveLength(100);
  });
});

describe('the excerpt removes', () => {
  it.each([
    ['the signing secret', `You sent ${SECRET}.`, 'You sent [removed].'],
    ['another signing secret', 'want whsec_AbC+/= now', 'want [removed] now'],
    ['an API key', 'key sk-any-api01-AbCdEf123 is bad', 'key [removed] is bad'],
    ['a bearer token', 'got Bearer abc.def-ghi', 'got [removed]'],
    ['a JSON Web Token', 'x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AbC-_ y', 'x [removed] y'],
    ['a field of JSON', '{"password": "hunter2", "a": 1}', '{"password": "[removed]", "a": 1}'],
    ['a prefixed field', '{"db_password":"hunter2"}', '{"db_password":"[removed]"}'],
    ['a field of a form', 'user=ada&client_secret=abc&x=1', 'user=ada&client_secret=[removed]&x=1'],
    ['a header', 'X-Api-Key: 12345\nHost: a', 'X-Api-Key: [removed]\nHost: a'],
    ['a cookie', 'Set-Cookie: sid=abc; Path=/', 'Set-Cookie: [removed]; Path=/'],
  ])('%s', (_, text, excerpt) => {
    expect(bodyOf(text)).toBe(excerpt);
  });

  it('a secret that the cut would divide', () => {
    const before = 'a '.repeat(MAX_EXCERPT_BYTES / 2 - 5);
    const body = bodyOf(`${before}${SECRET}`) ?? '';
    expect(body).toBe(`${before}[removed]`);
  });

  it('nothing of an ordinary text', () => {
    const text = 'The token of this order has expired; secrets are kept elsewhere. <p>404</p>';
    expect(bodyOf(text)).toBe(text);
  });

  it('in time that grows with the length only', () => {
    for (const hostile of ['a-'.repeat(2_000), 'token '.repeat(600), 'secret='.repeat(500)]) {
      expect(bodyOf(hostile)?.length).toBeLessThanOrEqual(MAX_EXCERPT_BYTES);
    }
  });
});
