import type { ObjectRef } from '@pothos/core';
import type { TokenPage } from '../src/paging/pager.ts';
import type { Doc } from '../src/store/port.ts';
import { builder, type Types } from './builder.ts';
import { inherited } from './rights.ts';

const PageInfo = builder.objectRef<TokenPage<Doc>>('PageInfo').implement({
  description: 'The position of a page in the results.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether another page follows.',
      resolve: (page) => page.more,
    }),
    endCursor: t.string({
      nullable: true,
      description:
        'The end of the page. Sent as `after`, it starts the next page. A filtered page may be short or empty although another page follows.',
      resolve: (page) => page.endToken(),
    }),
  }),
});

/** The connection's cost already counts the length of the page. */
const ofPage = { ...inherited, listLength: 1 };

/** Creates `<name>Connection` and `<name>Edge` over pages of the node's documents. */
export function connectionOf<Shape extends object>(node: ObjectRef<Types, Shape>) {
  const { name } = node;
  const Edge = builder
    .objectRef<{ page: TokenPage<Doc & Shape>; doc: Doc & Shape }>(`${name}Edge`)
    .implement({
      description: `An item of a page, with its position.`,
      fields: (t) => ({
        cursor: t.string({
          description: 'The position of the item.',
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
    description: 'A page of a list.',
    fields: (t) => ({
      nodes: t.field({
        type: [node],
        ...ofPage,
        description: 'The items of the page.',
        resolve: (page) => page.docs,
      }),
      edges: t.field({
        type: [Edge],
        ...ofPage,
        description: 'The items of the page, with their positions.',
        resolve: (page) => page.docs.map((doc) => ({ page, doc })),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'The position of the page.',
        resolve: (page) => page as unknown as TokenPage<Doc>,
      }),
    }),
  });
}
