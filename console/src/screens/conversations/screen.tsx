import { Badge, Group, Stack, Text } from '@mantine/core';
import { useDocumentVisibility, useThrottledCallback } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useLive } from '../../graphql/live.ts';
import { useOrg } from '../../session/viewer.tsx';
import { conversationsTexts } from '../../texts/conversations.ts';
import { intervalOf } from '../../ui/days.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { personNameOf } from '../../ui/person-name.ts';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { ChannelLabel } from './channel-label.tsx';
import { Filters } from './filters.tsx';
import {
  type CONVERSATION_ROW,
  CONVERSATIONS,
  CONVERSATIONS_LIVE,
  CONVERSATIONS_WITH,
} from './queries.ts';
import type { ConversationsSearch } from './search.ts';

const PAGE_SIZE = 25;
const FROM = '/orgs/$org/agents/$agent/conversations';
/** Before any conversation: without a start, the API lists those of the last 24 hours. */
const EVER = '2000-01-01T00:00:00Z';
/** While messages arrive, the list is read again at most this often. */
const RENEW_AFTER_MS = 2_000;
/** While it is not known whether messages arrive. */
const RENEW_EVERY_MS = 15_000;

type Conversation = ResultOf<typeof CONVERSATION_ROW>;

export function ConversationsScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const { person, user, after, ...filters } = search;
  const { start, end } = intervalOf(filters);
  const variables = {
    org: org.id,
    agent,
    channel: filters.channel ?? null,
    test: filters.test ?? null,
    start: start ?? EVER,
    end,
    first: PAGE_SIZE,
    after: after ?? null,
  };
  const [isLive, setLive] = useState(false);
  const options = { keepPrevious: true, everyMs: isLive ? undefined : RENEW_EVERY_MS };
  const ofAll = useRead(
    CONVERSATIONS,
    { ...variables, user: user ?? null },
    { ...options, enabled: person === undefined },
  );
  const ofPerson = useRead(
    CONVERSATIONS_WITH,
    { ...variables, person: person ?? '' },
    { ...options, enabled: person !== undefined },
  );
  const shown = person === undefined ? ofAll : ofPerson;
  const renew = useThrottledCallback(() => void shown.refetch(), RENEW_AFTER_MS);
  // A stream occupies one of the few connections that a browser opens to a server.
  const isSeen = useDocumentVisibility() === 'visible';
  const live = useLive(
    CONVERSATIONS_LIVE,
    { org: org.id, agent, test: filters.test ?? null },
    {
      cursorOf: ({ messageArrived }) => messageArrived?.cursor,
      onData: renew,
      onStart: renew,
      enabled: isSeen && shown.isSuccess && shown.data.failures.length === 0,
    },
  );
  useEffect(() => setLive(live === 'live'), [live]);
  const isFiltered = Object.keys(search).length > 0;
  const list = {
    label: conversationsTexts.title,
    failed: (answer: NonNullable<typeof ofAll.data | typeof ofPerson.data>) => (
      <FieldFailure answer={answer} field="org" />
    ),
    columns: columnsOf(org.id, agent),
    keyOf: ({ sessionId, userId, channel, test }: Conversation) =>
      JSON.stringify([sessionId, userId, channel, test]),
    empty: <Empty {...(isFiltered ? conversationsTexts.nothingFound : conversationsTexts.empty)} />,
    after,
    onPage: (next: string | undefined) =>
      void navigate({ search: (it: ConversationsSearch) => ({ ...it, after: next }) }),
    expectedRows: 8,
  };
  return (
    <Stack gap="md">
      <Filters
        agent={agent}
        search={search}
        onFilter={(chosen) => void navigate({ search: chosen, replace: true })}
      />
      {user !== undefined && (
        <Group>
          <Badge size="lg" color="gray">
            {conversationsTexts.user(user)}
          </Badge>
        </Group>
      )}
      {person === undefined ? (
        <PagedList
          {...list}
          query={ofAll}
          pageOf={({ data }) => data.org?.activity?.conversations}
        />
      ) : (
        <PagedList
          {...list}
          query={ofPerson}
          pageOf={({ data }) => data.org?.activity?.person?.conversations}
        />
      )}
    </Stack>
  );
}

function columnsOf(org: string, agent: string): readonly Column<Conversation>[] {
  return [
    {
      header: conversationsTexts.columns.conversation,
      cell: ({ sessionId, userId, person, firstMessagePreview, endedAt, ...channel }) => (
        <>
          <AnchorLink
            to="/orgs/$org/agents/$agent/conversations/$session"
            params={{ org, agent, session: sessionId }}
            fw={600}
          >
            {person ? personNameOf(person) : userId}
          </AnchorLink>
          <Text size="sm" c="dimmed" className="preview">
            {firstMessagePreview ?? conversationsTexts.noText}
          </Text>
          <Group gap="xs" className="narrow-only" justify="space-between">
            <ChannelLabel {...channel} />
            <Text size="sm" c="dimmed">
              <Time at={endedAt} />
            </Text>
          </Group>
        </>
      ),
    },
    {
      header: conversationsTexts.columns.channel,
      wideOnly: true,
      width: '12rem',
      cell: (conversation) => <ChannelLabel {...conversation} />,
    },
    {
      header: conversationsTexts.columns.messages,
      wideOnly: true,
      width: '7rem',
      cell: ({ messageCount }) => <Text size="sm">{messageCount.toLocaleString()}</Text>,
    },
    {
      header: conversationsTexts.columns.last,
      wideOnly: true,
      width: '11rem',
      cell: ({ endedAt }) => (
        <Text size="sm">
          <Time at={endedAt} exact />
        </Text>
      ),
    },
  ];
}
