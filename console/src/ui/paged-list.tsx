import { Button, Group, Skeleton, Table } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { common } from '../texts/common.ts';
import { Loaded } from './states.tsx';

export interface Column<Row> {
  readonly header: string;
  cell(row: Row): ReactNode;
  /** Left out on narrow screens; show what matters in the first column too. */
  readonly wideOnly?: boolean;
  readonly width?: string;
}

/** A page of a connection. */
export interface Page<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

interface PagedListProps<Data, Row> {
  /** What the list contains, for readers of the screen. */
  readonly label: string;
  readonly query: UseQueryResult<Data, Error>;
  /** Undefined or null if the connection itself was denied or failed: see `failed`. */
  readonly pageOf: (data: Data) => Page<Row> | null | undefined;
  /** Shown in place of a page that is null. */
  readonly failed?: (data: Data) => ReactNode;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly empty: ReactNode;
  /** The cursor that the page starts after; undefined on the first page. */
  readonly after: string | undefined;
  /** Called with the cursor of the page to show. */
  readonly onPage: (after: string | undefined) => void;
  /** Rows that are outlined while the first page is loaded. */
  readonly expectedRows?: number;
}

/**
 * A list, one page at a time. The address has the page's cursor, so the browser's “back” pages back,
 * and pages that are not shown are forgotten.
 */
export function PagedList<Data, Row>(props: PagedListProps<Data, Row>) {
  const { label, query, pageOf, failed, columns, keyOf, empty, after, onPage } = props;
  const head = (
    <Table.Thead>
      <Table.Tr>
        {columns.map(({ header, wideOnly, width }) => (
          <Table.Th
            key={header}
            {...(wideOnly && { className: 'wide-only' })}
            {...(width && { w: width })}
          >
            {header}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
  const outline = (
    <div className="card">
      <Table className="list" layout="fixed">
        {head}
        <Table.Tbody>
          {Array.from({ length: props.expectedRows ?? 5 }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
            <Table.Tr key={at}>
              {columns.map(({ header, wideOnly }, column) => (
                <Table.Td key={header} {...(wideOnly && { className: 'wide-only' })}>
                  <Skeleton height={16} my={4} />
                  {column === 0 && <Skeleton height={12} mt={8} w="60%" />}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
  return (
    <Loaded query={query} loading={outline}>
      {(data) => {
        const page = pageOf(data);
        if (!page) return failed?.(data) ?? empty;
        if (page.nodes.length === 0 && after === undefined) return empty;
        const { endCursor, hasNextPage } = page.pageInfo;
        return (
          <>
            <div className="card">
              <Table className="list" layout="fixed" aria-label={label} highlightOnHover>
                {head}
                <Table.Tbody>
                  {page.nodes.map((row) => (
                    <Table.Tr key={keyOf(row)}>
                      {columns.map(({ header, cell, wideOnly }) => (
                        <Table.Td key={header} {...(wideOnly && { className: 'wide-only' })}>
                          {cell(row)}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
            {(after !== undefined || hasNextPage) && (
              <Group justify="flex-end" mt="md">
                <Button
                  variant="default"
                  disabled={after === undefined}
                  onClick={() => onPage(undefined)}
                >
                  {common.firstPage}
                </Button>
                <Button
                  variant="default"
                  disabled={!hasNextPage || query.isPlaceholderData}
                  onClick={() => onPage(endCursor ?? undefined)}
                >
                  {common.nextPage}
                </Button>
              </Group>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
