import {
  Alert,
  Badge,
  Button,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { failureOf } from '../../graphql/send.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { historyTexts } from '../../texts/history.ts';
import { authorOf } from '../../ui/author.ts';
import { ChangeList } from '../../ui/changes/change-list.tsx';
import { doorOf } from '../../ui/door.ts';
import { Icon } from '../../ui/icons.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Failed, Lines, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { Against } from './against.tsx';
import { VERSION } from './queries.ts';
import { RestoreDialog } from './restore.tsx';
import { VIEWS } from './search.ts';
import { Sections } from './sections.tsx';

const PromptDiff = lazy(async () => ({
  default: (await import('./prompt-diff.tsx')).PromptDiff,
}));

const FROM = '/orgs/$org/agents/$agent/history/$version';

type Agent = NonNullable<NonNullable<ResultOf<typeof VERSION>['org']>['agent']>;
type Version = NonNullable<Agent['atVersion']>;

/** One version: who made it, and what differs from another one. */
export function VersionScreen() {
  const org = useOrg();
  const { agent, version: number } = useParams({ from: FROM });
  const { against } = useSearch({ from: FROM });
  const version = Number(number);
  const query = useRead(
    VERSION,
    { org: org.id, agent, version, against: against ?? null },
    { keepPrevious: true },
  );
  return (
    <Stack gap="md">
      <Group gap={4}>
        <AnchorLink to="/orgs/$org/agents/$agent/history" params={{ org: org.id, agent }} size="sm">
          {historyTexts.back}
        </AnchorLink>
        <Icon name="chevronRight" size={14} />
      </Group>
      <Loaded query={query} loading={<Lines count={10} />}>
        {(answer) => {
          const found = answer.data.org?.agent;
          if (!found?.atVersion) {
            const failure = failureOf(answer, 'org.agent');
            return <Failed error={failure ?? new Error(common.notFound.body)} />;
          }
          return <Content agent={found} version={found.atVersion} />;
        }}
      </Loaded>
    </Stack>
  );
}

function Content({ agent, version }: { readonly agent: Agent; readonly version: Version }) {
  const { view = 'fields', against } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  return (
    <>
      <Origin version={version} />
      {!version.current && <Restore version={version.version} />}
      <Group align="end" gap="sm" wrap="wrap">
        <Against
          version={version.version}
          current={agent.version}
          against={against}
          onChoose={(other) => void navigate({ search: (it) => ({ ...it, against: other }) })}
        />
        <NativeSelect
          label={historyTexts.view}
          data={VIEWS.map((value) => ({ value, label: historyTexts.views[value] }))}
          value={view}
          onChange={({ currentTarget: { value } }) =>
            void navigate({
              search: (it) => ({ ...it, view: value === 'prompt' ? 'prompt' : undefined }),
            })
          }
        />
      </Group>
      {view === 'fields' ? (
        <ChangeList changes={version.changes} />
      ) : (
        <Suspense fallback={<Lines count={10} />}>
          <PromptDiff />
        </Suspense>
      )}
    </>
  );
}

/** Offers to restore the version, to callers who may; says when it is done. */
function Restore({ version }: { readonly version: number }) {
  const org = useOrg();
  const { agent } = useParams({ from: FROM });
  const [isOpen, { open, close }] = useDisclosure(false);
  const [done, setDone] = useState<number>();
  if (!org.can('restoreAgent')) return null;
  return (
    <>
      <Group>
        <Button variant="default" onClick={open}>
          {historyTexts.restore}
        </Button>
      </Group>
      {done !== undefined && (
        <Alert color="green" role="status">
          {historyTexts.restoring.done(done)}
        </Alert>
      )}
      {isOpen && (
        <RestoreDialog
          agent={agent}
          version={version}
          onDone={(it) => {
            setDone(it);
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function Origin({ version }: { readonly version: Version }) {
  const { message, at, actor, door, sections, restoredFrom, current, requestId } = version;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="start">
        <Stack gap={4}>
          <Group gap="xs">
            <Title order={2} size="h4">
              {historyTexts.version(version.version)}
            </Title>
            {current && <Badge>{historyTexts.current}</Badge>}
          </Group>
          {message && <Text>{message}</Text>}
          {restoredFrom !== null && <Text>{historyTexts.restored(restoredFrom)}</Text>}
          <Text size="sm" c="dimmed">
            <Time at={at} exact /> · {authorOf(actor)} {doorOf(actor, door)}
          </Text>
          {requestId && (
            <Text size="xs" c="dimmed">
              {historyTexts.request(requestId)}
            </Text>
          )}
          <Sections sections={sections} />
        </Stack>
      </Group>
    </Paper>
  );
}
