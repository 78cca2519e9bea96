/** Replaces what a text may hold of secrets, for logs that people read. */

const REMOVED = '[removed]';

/** Tokens that are recognised by their form: ours, of HTTP headers, JSON Web Tokens. */
const TOKENS = [
  /whsec_[\w+/=-]+/g,
  /sk-any-[\w-]+/g,
  /\b(?:Bearer|Basic) +[\w.~+/=-]+/gi,
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
];
const SECRET_NAMES =
  'pass(?:word|wd|phrase)?|secret|token|signature|credentials?|cookie|session(?:[_-]?id)?|authorization|api[_-]?key|private[_-]?key';
/** The value of a field with such a name, in JSON, in a form or in plain text. */
const NAMED = new RegExp(
  `((?:[\\w-]{0,40}[_-])?(?:${SECRET_NAMES})["']?\\s{0,4}[=:]\\s{0,4}["']?)[^\\s"'&,;<>}]+`,
  'gi',
);

/**
 * The text without known secrets, tokens of a known form and values of fields that are named like a
 * secret. It cannot recognise other secrets.
 *
 * @param secrets removed wherever they occur
 */
export function redacted(text: string, secrets: readonly string[]): string {
  let rest = text;
  for (const secret of secrets) rest = rest.replaceAll(secret, REMOVED);
  for (const token of TOKENS) rest = rest.replace(token, REMOVED);
  return rest.replace(NAMED, `$1${REMOVED}`);
}
