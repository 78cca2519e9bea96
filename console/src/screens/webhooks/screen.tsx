import { Badge, Group, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { type OrgOfView, useOrg } from '../../session/viewer.tsx';
import { eventNames } from '../../texts/names.ts';
import { webhooksTexts } from '../../texts/webhooks.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { CreateWebhook } from './create-webhook.tsx';
import { WEBHOOKS } from './queries.ts';

const PAGE_SIZE = 50;

type Org = NonNullable<ResultOf<typeof WEBHOOKS>['org']>;
type Webhook = NonNullable<Org['webhooks']>['nodes'][number];

export function WebhooksScreen() {
  const org = useOrg();
  const { after } = useSearch({ from: '/orgs/$org/webhooks' });
  const navigate = useNavigate({ from: '/orgs/$org/webhooks' });
  const [secret, setSecret] = useState<string>();
  const query = useRead(
    WEBHOOKS,
    { org: org.id, first: PAGE_SIZE, after: after ?? null },
    { keepPrevious: true },
  );
  return (
    <Page
      title={webhooksTexts.title}
      actions={org.can('createWebhook') && <CreateWebhook onCreated={setSecret} />}
    >
      {secret && (
        <SecretOnce
          title={webhooksTexts.created}
          hint={webhooksTexts.secretHint}
          secret={secret}
          onDone={() => setSecret(undefined)}
        />
      )}
      <PagedList
        label={webhooksTexts.title}
        query={query}
        pageOf={({ data }) => data.org?.webhooks}
        failed={(answer) => <FieldFailure answer={answer} field="org" />}
        columns={columnsIn(org)}
        keyOf={({ id }) => id}
        empty={<Empty {...webhooksTexts.empty} />}
        after={after}
        onPage={(next) => void navigate({ search: { after: next } })}
      />
    </Page>
  );
}

function columnsIn(org: OrgOfView): readonly Column<Webhook>[] {
  return [
    {
      header: webhooksTexts.columns.webhook,
      cell: ({ id, url, description, active }) => (
        <>
          <Group gap="xs">
            <AnchorLink
              to="/orgs/$org/webhooks/$webhook"
              params={{ org: org.id, webhook: id }}
              fw={600}
            >
              <Breakable text={url} />
            </AnchorLink>
            {!active && <Badge color="gray">{webhooksTexts.paused}</Badge>}
          </Group>
          {description && (
            <Text size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </>
      ),
    },
    {
      header: webhooksTexts.columns.events,
      wideOnly: true,
      cell: ({ events }) => <Text size="sm">{events.map((it) => eventNames[it]).join(', ')}</Text>,
    },
    {
      header: webhooksTexts.columns.last,
      width: '10rem',
      cell: ({ lastDeliveryAt, lastDeliveryStatus }) =>
        lastDeliveryStatus ? (
          <>
            <Badge color={lastDeliveryStatus === 'SUCCESS' ? 'green' : 'red'}>
              {webhooksTexts.results[lastDeliveryStatus]}
            </Badge>
            <Text size="sm" c="dimmed">
              <Time at={lastDeliveryAt} />
            </Text>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {webhooksTexts.notYet}
          </Text>
        ),
    },
  ];
}
