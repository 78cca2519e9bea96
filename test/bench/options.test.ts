import { describe, expect, it } from 'vitest';
import { PARTS, parseOptions } from '../../bench/options.ts';
import { ROW_IDS } from '../../bench/rows.ts';

const parse = (...args: string[]) => parseOptions(args, ROW_IDS);

describe('the options', () => {
  it('measure every row in every part when nothing is given', () => {
    const options = parse();
    expect([...options.parts]).toEqual(PARTS);
    expect([...options.rows]).toEqual(ROW_IDS);
    expect(options).toMatchObject({ json: undefined, profile: false });
  });

  it('choose rows and parts', () => {
    const { rows, parts } = parse('--rows=write,rest-small', '--parts=ratios');
    expect([...rows]).toEqual(['write', 'rest-small']);
    expect([...parts]).toEqual(['ratios']);
  });

  it('measure less with --quick, but what is given counts', () => {
    const quick = parse('--quick', '--memory=2000000');
    expect(quick.rounds).toBeLessThan(parse().rounds);
    expect(quick.singleReads).toBeLessThan(parse().singleReads);
    expect(quick.memoryRequests).toBe(2_000_000);
  });

  it('read the numbers and the file', () => {
    expect(parse('--rounds=3', '--reads=100000', '--json=out.json', '--profile')).toMatchObject({
      rounds: 3,
      singleReads: 100_000,
      json: 'out.json',
      profile: true,
    });
  });

  it.each([
    ['an unknown row', '--rows=rest-tiny'],
    ['an unknown part', '--parts=speed'],
    ['an unknown option', '--fast'],
    ['no number', '--rounds=many'],
    ['zero', '--rounds=0'],
  ])('refuse %s', (_, arg) => expect(() => parse(arg)).toThrow(TypeError));
});
