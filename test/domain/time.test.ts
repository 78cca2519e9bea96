import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/domain/time.ts';

describe('a point in time', () => {
  it.each([
    ['2026-07-01', '2026-07-01T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2026-07-01T10:00Z', '2026-07-01T10:00:00.000Z'],
    ['2026-07-01T10:00:00.123456+02:00', '2026-07-01T08:00:00.123Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['1782900000000', '2026-07-01T10:00:00.000Z'],
  ])('is parsed from %s', (text, instant) => expect(parseInstant(text)).toBe(instant));

  it.each([
    '',
    'foo',
    '2026-02-30',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-02-30T00:00:00Z',
    '2026-07-01T10:00',
    '2026-07-01T25:00Z',
    '-1',
    '1e3',
    '999999999999999',
  ])('is not parsed from "%s"', (text) => expect(parseInstant(text)).toBeUndefined());
});
