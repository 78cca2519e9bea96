import { expect, it } from 'vitest';
import { phoneOf, usersOfPhone } from '../../src/domain/channel-users.ts';

it.each([
  ['sms', '+14155550101', '+14155550101'],
  ['rcs', '+14155550101', '+14155550101'],
  ['whatsapp', '+14155550101', '+14155550101'],
  ['whatsapp', '14155550101', '+14155550101'],
  ['sms', '14155550101', undefined],
  ['sms', '+1 415 555 0101', undefined],
  ['sms', '+1', undefined],
  ['sms', 'Acme', undefined],
  ['sms', '', undefined],
  ['slack', '+14155550101', undefined],
  ['webchat', '14155550101', undefined],
  ['constructor', '+14155550101', undefined],
])('the phone number of the user %s %s is %s', (channel, userId, phone) => {
  expect(phoneOf({ channel, userId })).toBe(phone);
});

it('finds every user of a phone number, and each has that number', () => {
  const phone = '+4915112345678';
  const users = usersOfPhone(phone);
  expect(users).toHaveLength(4);
  expect(users.map(phoneOf)).toEqual(users.map(() => phone));
});
