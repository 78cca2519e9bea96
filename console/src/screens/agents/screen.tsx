import { Group, NativeSelect, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { failureOf } from '../../graphql/send.ts';
import { type OrgOfView, useOrg } from '../../session/viewer.tsx';
import { agentsTexts } from '../../texts/agents.ts';
import { common } from '../../texts/common.ts';
import { authorOf } from '../../ui/author.ts';
import { AnchorLink } from '../../ui/links.tsx';
import { optionsOf } from '../../ui/options.ts';
import { Page } from '../../ui/page.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { ReadinessBadge } from '../../ui/readiness-badge.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty, Failed } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { CreateAgent } from './create-agent.tsx';
import { AGENTS } from './queries.ts';
import { DEFAULT_SORT, isSort } from './search.ts';

const PAGE_SIZE = 25;

type Org = NonNullable<ResultOf<typeof AGENTS>['org']>;
type Agent = NonNullable<Org['agents']>['nodes'][number];

export function AgentsScreen() {
  const org = useOrg();
  const { q, sort = DEFAULT_SORT, after } = useSearch({ from: '/orgs/$org/agents' });
  const navigate = useNavigate({ from: '/orgs/$org/agents' });
  const query = useRead(
    AGENTS,
    { org: org.id, q: q ?? null, sort, first: PAGE_SIZE, after: after ?? null },
    { keepPrevious: true },
  );
  const empty = q ? agentsTexts.nothingFound : agentsTexts.empty;
  return (
    <Page title={agentsTexts.title} actions={<CreateAgent />}>
      <Group align="end">
        <SearchField
          label={agentsTexts.search}
          value={q ?? ''}
          onSearch={(text) =>
            void navigate({ search: ({ sort }) => ({ sort, q: text || undefined }), replace: true })
          }
        />
        <NativeSelect
          aria-label={agentsTexts.sort}
          data={optionsOf(agentsTexts.sorts)}
          value={sort}
          onChange={({ currentTarget: { value } }) =>
            isSort(value) && void navigate({ search: ({ q }) => ({ q, sort: value }) })
          }
        />
      </Group>
      <PagedList
        label={agentsTexts.title}
        query={query}
        pageOf={({ data }) => data.org?.agents}
        failed={(answer) => {
          const failure = failureOf(answer, 'org.agents');
          return failure && <Failed error={failure} />;
        }}
        columns={columnsIn(org)}
        keyOf={({ id }) => id}
        empty={<Empty {...empty} />}
        after={after}
        onPage={(next) => void navigate({ search: (it) => ({ ...it, after: next }) })}
      />
    </Page>
  );
}

function columnsIn(org: OrgOfView): readonly Column<Agent>[] {
  return [
    {
      header: agentsTexts.columns.agent,
      cell: ({ id, name, updatedAt }) => (
        <>
          <AnchorLink to="/orgs/$org/agents/$agent" params={{ org: org.id, agent: id }} fw={600}>
            {name}
          </AnchorLink>
          <Text size="sm" c="dimmed">
            {id}
          </Text>
          <Text size="sm" c="dimmed" className="narrow-only">
            <Time at={updatedAt} />
          </Text>
        </>
      ),
    },
    {
      header: agentsTexts.columns.readiness,
      width: '9rem',
      cell: ({ readiness }) => <ReadinessBadge findings={readiness} />,
    },
    {
      header: agentsTexts.columns.change,
      wideOnly: true,
      cell: ({ updatedAt, history }) => {
        const [last] = history?.nodes ?? [];
        return (
          <>
            <Time at={last?.at ?? updatedAt} />
            {last && (
              <Text size="sm" c="dimmed">
                {agentsTexts.by(authorOf(last.actor))}
              </Text>
            )}
          </>
        );
      },
    },
    {
      header: agentsTexts.columns.conversation,
      wideOnly: true,
      cell: ({ conversations }) => {
        if (!conversations) return common.none;
        const [last] = conversations.nodes;
        return last ? (
          <Time at={last.endedAt} />
        ) : (
          <Text size="sm" c="dimmed">
            {agentsTexts.noConversation}
          </Text>
        );
      },
    },
  ];
}
