import { Document, isScalar, Scalar, visit } from 'yaml';

/** How a file is laid out. */
export interface Layout {
  /** Spaces for each level. */
  readonly indent: number;
  /** Whether the items of a list are indented below their key. */
  readonly isListIndented: boolean;
}

export const USUAL_LAYOUT: Layout = { indent: 2, isListIndented: true };

/** Characters that a block would lose, or that an editor may hide. */
const NOT_IN_BLOCK = /[^\P{Cc}\n\t]|[\u2028\u2029\ufeff\ufffe\uffff]/u;

/** A value as YAML. Texts of several lines are literal blocks; lines are never folded. */
export function yamlText(value: unknown, { indent, isListIndented }: Layout): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar(key, scalar) {
      if (key !== 'key' && typeof scalar.value === 'string') scalar.type = typeOf(scalar.value);
    },
  });
  return document.toString({ indent, indentSeq: isListIndented, lineWidth: 0 });
}

/** A text, a number, a flag or null in one line, in the style of the one that it replaces. */
export function scalarText(value: unknown, style: Scalar.Type | undefined): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  if (typeof value === 'string' && typeOf(value) === Scalar.BLOCK_LITERAL) return undefined;
  const document = new Document(value, { compat: 'yaml-1.1' });
  const { contents } = document;
  if (isScalar(contents) && typeof value === 'string') contents.type = style ?? typeOf(value);
  return document.toString({ lineWidth: 0, blockQuote: false }).trimEnd();
}

function typeOf(text: string): Scalar.Type {
  if (NOT_IN_BLOCK.test(text)) return Scalar.QUOTE_DOUBLE;
  return text.includes('\n') ? Scalar.BLOCK_LITERAL : Scalar.PLAIN;
}
