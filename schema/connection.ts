import type { ObjectRef } from '@pothos/core';
import type { TokenPage } from '../src/paging/pager.ts';
import type { Doc } from '../src/store/port.ts';
import { builder, type Types } from './builder.ts';
import { inherited } from './rights.ts';

const PageInfo = builder.objectRef<TokenPage<Doc>>('PageInfo').implement({
  description: 'Where a page stands among the results.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether there is more behind this page.',
      resolve: (page) => page.more,
    }),
    endCursor: t.string({
      nullable: true,
      description:
        'Where the page ends: give it as `after` to go on. With a filter a page may be short, or empty, and still have one.',
      resolve: (page) => page.endToken(),
    }),
  }),
});

/** Its length is that of the page, which the connection itself is rated by. */
const ofPage = { ...inherited, listLength: 1 };

/** Makes `<name>Connection` and `<name>Edge` over pages of the node's documents. */
export function connectionOf<Shape extends object>(node: ObjectRef<Types, Shape>) {
  const { name } = node;
  const Edge = builder
    .objectRef<{ page: TokenPage<Doc & Shape>; doc: Doc & Shape }>(`${name}Edge`)
    .implement({
      description: `One ${name} of a page, and its position.`,
      fields: (t) => ({
        cursor: t.string({
          description: 'The position of this item.',
          resolve: ({ page, doc }) => page.tokenOf(doc),
        }),
        node: t.field({
          type: node,
          ...inherited,
          description: 'The item.',
          // Pothos cannot see that a type parameter is no list.
          resolve: ({ doc }) => doc as never,
        }),
      }),
    });
  return builder.objectRef<TokenPage<Doc & Shape>>(`${name}Connection`).implement({
    description: `A page of ${name} items.`,
    fields: (t) => ({
      nodes: t.field({
        type: [node],
        ...ofPage,
        description: 'The items of this page.',
        resolve: (page) => page.docs,
      }),
      edges: t.field({
        type: [Edge],
        ...ofPage,
        description: 'The items of this page with their positions.',
        resolve: (page) => page.docs.map((doc) => ({ page, doc })),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Whether and where to go on.',
        resolve: (page) => page as unknown as TokenPage<Doc>,
      }),
    }),
  });
}
