import {
  type ArgumentNode,
  type ASTNode,
  BREAK,
  type DocumentNode,
  GraphQLError,
  type ObjectFieldNode,
  specifiedRules,
  visit,
} from 'graphql';
import { invalid, pathText } from '../src/domain/errors.ts';
import { BoundsRule } from './bounds.ts';
import { ScalarProblem } from './scalars.ts';

/** The rules that a client's document must pass. */
export const VALIDATION_RULES = [...specifiedRules, BoundsRule];

/**
 * Translates a validation error about a value in the document to a refusal that names the place
 * of the value, with the message that a variable with the same problem has. Returns any other
 * error as it is.
 */
export function literalRefusal(document: DocumentNode, error: GraphQLError): GraphQLError {
  const { originalError, nodes } = error;
  const [node] = nodes ?? [];
  if (!(originalError instanceof ScalarProblem) || !node) return error;
  const refused = invalid([{ path: placeOf(document, node), message: originalError.message }]);
  return new GraphQLError(refused.message, { nodes: [node], originalError: refused });
}

/** The path of a value: its argument, then fields and items. */
function placeOf(document: DocumentNode, value: ASTNode): string {
  const place: (string | number)[] = [];
  visit(document, {
    enter(node, _key, _parent, path) {
      if (node !== value) return undefined;
      let at: unknown = document;
      for (const [i, step] of path.entries()) {
        at = (at as Record<string | number, unknown>)[step];
        if (typeof step === 'number' && path[i - 1] === 'values') place.push(step);
        if (isNamed(at)) place.push(at.name.value);
      }
      return BREAK;
    },
  });
  return pathText(place);
}

function isNamed(step: unknown): step is ArgumentNode | ObjectFieldNode {
  const { kind } = step as { kind?: unknown };
  return kind === 'Argument' || kind === 'ObjectField';
}
