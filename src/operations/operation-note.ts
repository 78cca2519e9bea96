import { createHash } from 'node:crypto';
import { type DocumentNode, getOperationAST } from 'graphql';
import type { OperationNote } from '../http/request-notes.ts';

const MAX_NAME = 100;

/** The hexadecimal SHA-256 of a document's text. */
export function documentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * An operation of a client's valid document. The label is its type and its first root field,
 * which the schema bounds: a client can give an operation any name.
 */
export function operationNote(
  document: DocumentNode,
  operationName: string | null | undefined,
  hash: string | undefined,
): OperationNote {
  const operation = getOperationAST(document, operationName);
  const [first] = operation?.selectionSet.selections ?? [];
  const field = first?.kind === 'Field' ? ` ${first.name.value}` : '';
  return {
    label: operation ? `${operation.operation}${field}` : 'none',
    name: operation?.name?.value.slice(0, MAX_NAME),
    document: hash,
  };
}
