import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/domain/formats.ts';

describe('a phone number', () => {
  it.each([
    ['+14155550132', '+14155550132'],
    ['+1 (415) 555-0132', '+14155550132'],
    [' +44 20 7946 0018 ', '+442079460018'],
    ['415-555-0132', undefined],
    ['+1', undefined],
    ['call me', undefined],
    ['', undefined],
  ])('%j is parsed as %s', (text, phone) => expect(FORMATS.phone.parse(text)).toBe(phone));

  it.each([
    '+14155550132;ext=5',
    '+1 415 555 0132 x5',
    '+1 415 555 0132 ext. 5',
    '+14155550132#5',
    'Call +14155550132',
    '+14155550132 (Bob)',
    '+14155550132 or +14155550133',
    'tel:+14155550132;isub=12',
    '+1-800-FLOWERS',
    '+1415555013212345',
  ])('%j is refused rather than shortened', (text) =>
    expect(FORMATS.phone.parse(text)).toBeUndefined(),
  );

  it('is parsed again as itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+[1-9][0-9]{6,14}$/), (text) => {
        const phone = FORMATS.phone.parse(text);
        if (phone !== undefined) expect(FORMATS.phone.parse(phone)).toBe(phone);
      }),
    );
  });
});

describe('an http URL', () => {
  it.each(['https://acme.com', 'http://localhost:3000/a?b#c', 'HTTPS://ACME.COM/ü'])(
    'accepts %s unchanged',
    (url) => expect(FORMATS.uri.parse(url)).toBe(url),
  );

  it.each([
    '',
    'acme.com',
    '//acme.com',
    'ftp://acme.com',
    'javascript:alert(1)',
    'https://',
    'data:,x',
    ' https://acme.com',
    'https://acme.com ',
    'https://acme.com/a b',
    'https://acme.com/\n',
    'htt\tps://acme.com',
    'https://acme.com/\u0000',
    `https://acme.com/${'x'.repeat(2_048)}`,
  ])('refuses %j', (url) => expect(FORMATS.uri.parse(url)).toBeUndefined());
});

describe('an e-mail address', () => {
  it.each(['hi@acme.com', 'o.k+tag@mail.acme.co.uk', 'A@B.CD', "o'neil@acme.com"])(
    'accepts %s unchanged',
    (email) => expect(FORMATS.email.parse(email)).toBe(email),
  );

  it.each([
    'a@b',
    'root@localhost',
    'a@b.',
    'a@.b',
    'a@-b.cd',
    '@acme.com',
    'acme.com',
    'a b@acme.com',
    'a@acme.com ',
    'a@b@c.de',
    '',
  ])('refuses %j', (email) => expect(FORMATS.email.parse(email)).toBeUndefined());
});

describe('a colour', () => {
  it.each(['#1a73e8', '#FFF', '#11223344'])('accepts %s', (color) =>
    expect(FORMATS.color.parse(color)).toBe(color),
  );

  it.each(['1a73e8', '#12', '#1234', '#12345', '#ggg', 'red', ' #fff', '#fff\n', ''])(
    'refuses %j',
    (color) => expect(FORMATS.color.parse(color)).toBeUndefined(),
  );
});

describe('a time zone', () => {
  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('accepts %s', (zone) =>
    expect(FORMATS['time-zone'].parse(zone)).toBe(zone),
  );

  it.each(['Mars/Phobos', '+02:00', 'Europe', '', 'Europe/Berlin '])('refuses %j', (zone) =>
    expect(FORMATS['time-zone'].parse(zone)).toBeUndefined(),
  );
});
