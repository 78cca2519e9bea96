import type { SectionSpec } from './section-spec.ts';
import { TEXTS } from './shapes.ts';

/** The products that an agent is for. Only export and import use them. */
export const PRODUCTS_SECTION = {
  description: 'The products that it is for: a note that travels with the definition.',
  isReadByReadiness: false,
  shape: TEXTS,
  secretMarks: null,
  read: ({ products = [] }) => products,
  apply: (agent, products) => ({ ...agent, products }),
  complete: (input) => input ?? [],
  validate: () => [],
  fromTemplate: null,
  dropDangling: null,
} as const satisfies SectionSpec<readonly string[], readonly string[]>;
