import type { GraphQLEnumType } from 'graphql';
import type { Shape } from './compile.ts';

/**
 * A result as the REST answer has it: enum values in the reference's words, and
 * what is unset left out, or `null` where the row keeps nulls. Leaves are passed
 * as they are, free-form JSON with the `null`s in it included.
 */
export function shaped(value: unknown, shape: Shape, keepsNulls = false): unknown {
  if (Array.isArray(value)) return value.map((item) => shaped(item, shape, keepsNulls));
  if (typeof value !== 'object' || value === null) return value;
  const result = value as Record<string, unknown>;
  const answer: Record<string, unknown> = {};
  for (const [key, part] of shape.fields) {
    const item = result[key];
    if (item === null || item === undefined) {
      if (keepsNulls) answer[key] = null;
      continue;
    }
    if (part === 'leaf') answer[key] = item;
    else if ('fields' in part) answer[key] = shaped(item, part, keepsNulls);
    else answer[key] = worded(item, part);
  }
  return answer;
}

function worded(item: unknown, type: GraphQLEnumType): unknown {
  if (Array.isArray(item)) return item.map((one) => worded(one, type));
  return type.getValue(String(item))?.value;
}

/** The value at a path of a result; undefined where it leads nowhere. */
export function at(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

interface ConnectionResult {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string };
}

/** Lists go in an envelope: `{ data }`, and `nextPageToken` when there is more. */
export function enveloped(answer: unknown): unknown {
  if (Array.isArray(answer)) return { data: answer };
  if (!isConnection(answer)) return answer;
  const { nodes, pageInfo } = answer;
  return { data: nodes, ...(pageInfo.hasNextPage && { nextPageToken: pageInfo.endCursor }) };
}

function isConnection(answer: unknown): answer is ConnectionResult {
  return typeof answer === 'object' && answer !== null && 'nodes' in answer && 'pageInfo' in answer;
}
