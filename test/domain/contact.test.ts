import { describe, expect, it } from 'vitest';
import { parseHttpUrl, parsePhone } from '../../src/domain/contact.ts';

describe('a phone number', () => {
  it.each([
    ['+14155550132', '+14155550132'],
    ['+1 (415) 555-0132', '+14155550132'],
    ['+44 20 7946 0018', '+442079460018'],
    ['415-555-0132', undefined],
    ['+1', undefined],
    ['call me', undefined],
    ['', undefined],
  ])('%j is parsed as %s', (text, phone) => expect(parsePhone(text)).toBe(phone));
});

describe('an http URL', () => {
  it.each(['https://acme.com', 'http://localhost:3000/a?b#c', 'HTTPS://ACME.COM/ü'])(
    'accepts %s unchanged',
    (url) => expect(parseHttpUrl(url)).toBe(url),
  );

  it.each([
    '',
    'acme.com',
    '//acme.com',
    'ftp://acme.com',
    'javascript:alert(1)',
    'https://',
    'data:,x',
  ])('refuses %j', (url) => expect(parseHttpUrl(url)).toBeUndefined());
});
