import fc from 'fast-check';

const words = (text: string) => text.split(' ');

/** Plain texts that some YAML parser reads as something else, or refuses. */
export const AMBIGUOUS: readonly string[] = [
  '',
  ...words('~ null Null NULL y Y n N yes Yes YES no No NO on On ON off Off OFF'),
  ...words('true True TRUE false False FALSE = << ! % @ ` - ? : | > --- ...'),
  ...words('0 -0 +1 007 012 0o7 0O7 0x1F 0x_ 0b10 0b_ 1_000 1_ _1 -_1 _ +_ -1__0 1__0.5 0.0_'),
  ...words('1e3 1E3 1e+3 1.e-3 e1 E+1 1. .5 -.5 +.5 . .. ._ 1.2.3 685.230_15e+03'),
  ...words('.inf -.Inf +.INF .nan .NaN NaN Infinity'),
  ...words('1:20 -1:20 1:20:30 1:60 20:30.5 190:20:30.15 1_0:20 09:00 9:5'),
  ...words('2026-01-01 2026-1-1 2026-02-30 2026-99-99 2001-12-14t21:59:43.10-05:00 2026-01'),
  ...['2001-12-14 21:59:43.10 -5', '2001-12-15 2:59:43.10', '2026-01-01 99:99:99'],
  ...['a: b', 'a:', ':a', 'a #b', '#a', '- a', '? a', '[a]', '{a}', 'a, b', '*a', '&a', '!a'],
  ...['"', "'", '\\', '\\n', '"a"', "it's", ' a', 'a ', '\ta', 'a\tb', '\u00a0', 'a\u00a0b'],
  ...['\n', '\n\n', ' \n', 'a\n', 'a\n\n', '\na', ' a\nb', 'a\n b', 'a\n\tb', 'a\n \nb'],
  ...['a\r\nb', '\r', 'a\n---\nb', 'a\n...\nb', '--- a', '... a', 'a\n# b\n', '\n a\n'],
  ...['a\nb \n', 'a\n \n', 'a\n\n \n\n', '\ta\nb\n', 'x\n\n\ny\n\n\n', ' \n a', '\n \n a\n'],
  ...['\u0000', '\u0007', '\u001b', '\u007f', '\u0085', 'a\u0085b\n', '\u009f', 'a\u2028b\nc'],
  ...['\u2029', '\ufeff', '\ufeffa\nb', 'a\ufeff', '\ufffe', '\uffff', '\ue000', '😀', '😀\n😀\n'],
  ...['é\n', '__proto__', 'constructor', `${'x '.repeat(600)}\ny`, 'k'.repeat(1_100)],
];

const pieces = fc.constantFrom(
  ...words('a # : - \' " | > 0 1 _ . e + \\ 😀 é --- ... % = ~'),
  ...[' ', '\n', '\t', '\r', '\u0085', '\u00a0', '\u2028', '\ufeff', '\u007f'],
);

/** Texts of every kind, without lone surrogates, which the store does not accept. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...AMBIGUOUS),
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...AMBIGUOUS), { maxLength: 3 }).map((lines) => lines.join('\n')),
  fc.stringMatching(/^[-+.0-9_][-+.0-9_:xobeETZ ]{0,12}$/),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);

const numbers = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.1, -0.5, 1e21, 1.5e300, 1e-7, 5e-324, 2 ** 53, 1e20),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((it) => !Object.is(it, -0)),
);
const leaves = fc.oneof(texts, numbers, fc.boolean(), fc.constant(null));
const keys = texts.filter((key) => key !== '__proto__');

/** JSON objects of any content, as the free-form parts of a definition may be. */
export const jsonObjects: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  keys,
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaves,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value,
  { maxKeys: 5, noNullPrototype: true },
);
