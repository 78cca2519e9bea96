import type { ExecutionResult } from 'graphql';
import type { CodedExtensions } from '../../schema/errors.ts';
import type { Span } from '../tracing/span.ts';
import { kindOf } from './documents.ts';
import { operationNote } from './operation-note.ts';
import type { Asked } from './pipeline.ts';

/** Begins the span of an operation. No variable is in it, and nothing of the document but its hash. */
export function beginOperationSpan(parent: Span, { document, operationName, hash }: Asked): Span {
  const { label, name } = operationNote(document, operationName, hash);
  return parent.child(label, 'internal', {
    'graphql.operation.type': kindOf(document, operationName),
    'graphql.operation.name': name,
    'graphql.document.hash': hash,
  });
}

/** Ends the span of an operation with its result, whose errors are those that the caller is sent. */
export function endedWith(span: Span, result: ExecutionResult): ExecutionResult {
  const [error] = result.errors ?? [];
  if (error) {
    const { code, statusCode } = error.extensions as unknown as CodedExtensions;
    span.set({ 'agent_api.code': code });
    // Of an operation that its caller got wrong, nothing failed here.
    if (statusCode >= 500) span.fail(code);
  }
  span.end();
  return result;
}
