import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import type { LiveState } from '../../graphql/live.ts';
import { useOrg } from '../../session/viewer.tsx';
import { threadTexts } from '../../texts/conversations.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { useTabTitle } from '../../ui/page.tsx';
import { personNameOf } from '../../ui/person-name.ts';
import { Empty, Lines, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { ChannelLabel } from './channel-label.tsx';
import { Chat } from './chat.tsx';
import { CONVERSATION } from './queries.ts';
import { type ThreadOf, useThread } from './thread-pages.ts';

type Org = NonNullable<ResultOf<typeof CONVERSATION>['org']>;
type Conversation = NonNullable<NonNullable<Org['activity']>['conversation']>;

const LIVE_COLOURS: Readonly<Record<LiveState, string>> = {
  connecting: 'gray',
  live: 'green',
  interrupted: 'orange',
  ended: 'gray',
};

/** Of the longest state: nothing moves when it changes. */
const LIVE_WIDTH = '7.5rem';

/** One conversation as a chat, live. */
export function ThreadScreen() {
  const org = useOrg();
  const { agent, session } = useParams({
    from: '/orgs/$org/agents/$agent/conversations/$session',
  });
  const of = { org: org.id, agent, session };
  const query = useRead(CONVERSATION, of);
  return (
    <Loaded query={query} loading={<Lines count={10} height={36} />}>
      {(answer) => {
        const conversation = answer.data.org?.activity?.conversation;
        if (!conversation) return <FieldFailure answer={answer} field="org" />;
        return <Thread key={session} of={of} conversation={conversation} />;
      }}
    </Loaded>
  );
}

interface ThreadProps {
  readonly of: ThreadOf;
  readonly conversation: Conversation;
}

function Thread({ of, conversation }: ThreadProps) {
  const { query, live, messages, latest, ...paging } = useThread(of, conversation);
  return (
    <Stack gap="sm">
      <Heading of={of} conversation={conversation} live={live} />
      <Loaded query={query} loading={<div className="thread-scroll" />}>
        {() =>
          messages.length === 0 && !paging.hasOlder ? (
            <Empty {...threadTexts.empty} />
          ) : (
            <Chat
              messages={messages}
              {...paging}
              versionLink={(version, label) => (
                <AnchorLink
                  to="/orgs/$org/agents/$agent/history/$version"
                  params={{ org: of.org, agent: of.agent, version: String(version) }}
                  size="xs"
                  underline="always"
                  aria-label={label}
                >
                  {threadTexts.version(version)}
                </AnchorLink>
              )}
            />
          )
        }
      </Loaded>
      <div className="hidden" role="status">
        {latest?.text}
      </div>
    </Stack>
  );
}

interface HeadingProps extends ThreadProps {
  readonly live: LiveState;
}

function Heading({ of, conversation, live }: HeadingProps) {
  const { person, userId, startedAt } = conversation;
  const name = person ? personNameOf(person) : userId;
  useTabTitle(threadTexts.with(name));
  const params = { org: of.org, agent: of.agent };
  return (
    <div>
      <AnchorLink to="/orgs/$org/agents/$agent/conversations" params={params} size="sm">
        {threadTexts.back}
      </AnchorLink>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={2} size="h3">
            {person ? (
              <AnchorLink
                to="/orgs/$org/agents/$agent/people/$person"
                params={{ ...params, person: person.id }}
                inherit
              >
                {name}
              </AnchorLink>
            ) : (
              name
            )}
          </Title>
          <ChannelLabel {...conversation} />
        </Group>
        <Badge variant="dot" color={LIVE_COLOURS[live]} role="status" miw={LIVE_WIDTH}>
          {threadTexts.live[live]}
        </Badge>
      </Group>
      <Group gap="md">
        <Text size="sm" c="dimmed">
          {threadTexts.started} <Time at={startedAt} exact />
        </Text>
        <AnchorLink
          to="/orgs/$org/agents/$agent/conversations"
          params={params}
          search={{ user: userId }}
          size="sm"
        >
          {threadTexts.ofUser}
        </AnchorLink>
      </Group>
    </div>
  );
}
