import { Group, NativeSelect, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { type OrgOfView, useOrg } from '../../session/viewer.tsx';
import { auditTexts } from '../../texts/audit-log.ts';
import { auditActions, auditedResources, sectionNames } from '../../texts/names.ts';
import { authorName, authorOf } from '../../ui/author.ts';
import { doorOf } from '../../ui/door.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { optionsOf } from '../../ui/options.ts';
import { Page } from '../../ui/page.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { isSection } from '../history/search.ts';
import { AUDIT_LOG } from './queries.ts';
import { isAction, isResource } from './search.ts';

const PAGE_SIZE = 50;

type Org = NonNullable<ResultOf<typeof AUDIT_LOG>['org']>;
type Entry = NonNullable<Org['auditLog']>['nodes'][number];

export function AuditLogScreen() {
  const org = useOrg();
  const { action, type, after } = useSearch({ from: '/orgs/$org/audit-log' });
  const navigate = useNavigate({ from: '/orgs/$org/audit-log' });
  const query = useRead(
    AUDIT_LOG,
    {
      org: org.id,
      action: action ?? null,
      type: type ?? null,
      first: PAGE_SIZE,
      after: after ?? null,
    },
    { keepPrevious: true },
  );
  return (
    <Page title={auditTexts.title}>
      <Group grow preventGrowOverflow={false} maw="30rem">
        <NativeSelect
          aria-label={auditTexts.action}
          data={[{ value: '', label: auditTexts.all }, ...optionsOf(auditActions)]}
          value={action ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({
              search: ({ type }) => ({ type, action: isAction(value) ? value : undefined }),
            })
          }
        />
        <NativeSelect
          aria-label={auditTexts.resource}
          data={[{ value: '', label: auditTexts.allResources }, ...optionsOf(auditedResources)]}
          value={type ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({
              search: ({ action }) => ({ action, type: isResource(value) ? value : undefined }),
            })
          }
        />
      </Group>
      <PagedList
        label={auditTexts.title}
        query={query}
        pageOf={({ data }) => data.org?.auditLog}
        failed={(answer) => <FieldFailure answer={answer} field="org" />}
        columns={columnsIn(org)}
        keyOf={({ id }) => id}
        empty={<Empty {...auditTexts.empty} />}
        after={after}
        onPage={(next) => void navigate({ search: (it) => ({ ...it, after: next }) })}
      />
    </Page>
  );
}

function columnsIn(org: OrgOfView): readonly Column<Entry>[] {
  return [
    {
      header: auditTexts.columns.change,
      cell: ({ action, resource, message, sections, version, at, actor, door }) => (
        <>
          <Text fw={600}>{auditActions[action]}</Text>
          <Text size="sm" c="dimmed">
            <Resource org={org.id} resource={resource} />
            {version !== null && `, ${auditTexts.version(version)}`}
            {sections && sections.length > 0 && `: ${sections.map(sectionName).join(', ')}`}
          </Text>
          {message && <Text size="sm">{message}</Text>}
          <Text size="sm" c="dimmed" className="narrow-only">
            <Time at={at} exact /> · {authorOf(actor)} {doorOf(actor, door)}
          </Text>
        </>
      ),
    },
    {
      header: auditTexts.columns.author,
      wideOnly: true,
      width: '15rem',
      cell: ({ actor, door }) => (
        <>
          <Text size="sm">{authorName(actor)}</Text>
          <Text size="sm" c="dimmed">
            {doorOf(actor, door)}
          </Text>
        </>
      ),
    },
    {
      header: auditTexts.columns.at,
      wideOnly: true,
      width: '12rem',
      cell: ({ at }) => (
        <Text size="sm">
          <Time at={at} exact />
        </Text>
      ),
    },
  ];
}

/** A part of an agent as people know it; others are named as they are stored. */
function sectionName(stored: string): string {
  const section = stored.replace(/[A-Z]/g, '_$&').toUpperCase();
  return isSection(section) ? sectionNames[section] : stored;
}

/** The screens of an agent on which its resources are. */
const SCREENS = { CHANNEL: 'channels', TOOL: 'tools' } as const;

function Resource({
  org,
  resource: { type, id, agentId },
}: {
  readonly org: string;
  readonly resource: Entry['resource'];
}) {
  const agent = type === 'AGENT' ? id : agentId;
  const text = `${auditedResources[type]} ${id}`;
  if (!agent) return text;
  const look = { size: 'sm', underline: 'always' } as const;
  if (type === 'PERSON') {
    return (
      <AnchorLink
        to="/orgs/$org/agents/$agent/people/$person"
        params={{ org, agent, person: id }}
        {...look}
      >
        {text}
      </AnchorLink>
    );
  }
  const screen = type === 'CHANNEL' || type === 'TOOL' ? (`/${SCREENS[type]}` as const) : '';
  return (
    <AnchorLink to={`/orgs/$org/agents/$agent${screen}`} params={{ org, agent }} {...look}>
      {text}
    </AnchorLink>
  );
}
