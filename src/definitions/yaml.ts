import {
  DEFAULT_SCALAR_STYLE_RULES,
  DUMP_SCHEMA,
  defineScalarTag,
  dump,
  NOT_RESOLVED,
  SCALAR_STYLE_DOUBLE_QUOTED,
  type ScalarStyleRule,
} from 'js-yaml';

/**
 * A character that YAML allows, and that some parser refuses, or takes for a line break, unless it
 * is escaped.
 */
const UNREADABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/**
 * Beyond the texts that `DUMP_SCHEMA` recognises: what some parser tries to read as a number or a
 * time although it is none (`-_1`, `0x_`, `.`, `e1`, `1:99`, `2026-99-99`), and the marks between
 * documents.
 */
const NOT_PLAIN =
  /^[-+]?(?:[._\d][\da-fox_.:+-]*|e[-+]?\d+)$|^\d{4}-\d\d?-\d\d?(?:[t \t]|$)|^(?:---|\.\.\.)\s/i;

/** Never used for a value: a text that it resolves is not left plain. */
const notPlain = defineScalarTag('!not-plain', {
  implicit: true,
  resolve: (text) => (NOT_PLAIN.test(text) ? text : NOT_RESOLVED),
  identify: () => false,
});
const SCHEMA = DUMP_SCHEMA.withTags(notPlain);

const quoteUnreadable: ScalarStyleRule = (layout) => {
  const { value } = layout.node;
  const isTabbed = value.includes('\t') && !value.includes('\n');
  if (isTabbed || UNREADABLE.test(value) || hasBlankEnd(value)) {
    layout.style = SCALAR_STYLE_DOUBLE_QUOTED;
  }
};

const {
  doubleQuoteWhitespaceOnly,
  tryLongOrMultilineAsBlock,
  quoteInvalidPlain,
  fallbackToDoubleQuoted,
} = DEFAULT_SCALAR_STYLE_RULES;

/** Whether white space is among the last line breaks: some parsers drop it from a block. */
function hasBlankEnd(text: string): boolean {
  const end = text.slice(text.trimEnd().length);
  const at = end.indexOf('\n');
  return at >= 0 && /[ \t]/.test(end.slice(at));
}

/**
 * The value as YAML that parsers of YAML 1.1 and 1.2 read alike: what could be anything but a
 * text is quoted, control characters are escaped. Texts of several lines are literal blocks.
 *
 * @param value plain JSON
 */
export function yamlText(value: object): string {
  return dump(value, {
    schema: SCHEMA,
    lineWidth: -1,
    noRefs: true,
    quoteStyle: 'double',
    scalarStyleRules: [
      quoteUnreadable,
      doubleQuoteWhitespaceOnly,
      tryLongOrMultilineAsBlock,
      quoteInvalidPlain,
      fallbackToDoubleQuoted,
    ],
  });
}

/** Ends a document whose last value ends with empty lines. */
const DOCUMENT_END = '\n...\n';

/** Texts of `yamlText` as one: each continues the mapping, or the list at its end, before it. */
export function joinedYaml(texts: readonly string[]): string {
  return [...texts.slice(0, -1).map(withoutEnd), ...texts.slice(-1)].join('');
}

function withoutEnd(text: string): string {
  return text.endsWith(DOCUMENT_END) ? text.slice(0, 1 - DOCUMENT_END.length) : text;
}
