import { Badge, Button, Group, NativeSelect, Text } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { deliveryStatuses, eventNames } from '../../texts/names.ts';
import { webhooksTexts } from '../../texts/webhooks.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { optionsOf } from '../../ui/options.ts';
import { Page } from '../../ui/page.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { Empty, Lines, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { DeliveryDetails } from './delivery.tsx';
import {
  DELETE_WEBHOOK,
  PING,
  REDELIVER,
  ROTATE_SECRET,
  UPDATE_WEBHOOK,
  WEBHOOK,
} from './queries.ts';
import { isDeliveryStatus } from './search.ts';

const PAGE_SIZE = 25;
const OVERLAP_SECONDS = 86_400;
/** Deliveries that are under way end while one watches. */
const RENEW_EVERY_MS = 5_000;

type Org = NonNullable<ResultOf<typeof WEBHOOK>['org']>;
type Webhook = NonNullable<Org['webhook']>;
type Delivery = NonNullable<Webhook['deliveries']>['nodes'][number];

const COLOURS: Readonly<Record<Delivery['status'], string>> = {
  FAILURE: 'red',
  PENDING: 'orange',
  SUCCESS: 'green',
};

export function WebhookScreen() {
  const org = useOrg();
  const { webhook: id } = useParams({ from: '/orgs/$org/webhooks/$webhook' });
  const { after, status } = useSearch({ from: '/orgs/$org/webhooks/$webhook' });
  const navigate = useNavigate({ from: '/orgs/$org/webhooks/$webhook' });
  const query = useRead(
    WEBHOOK,
    { org: org.id, webhook: id, status: status ?? null, first: PAGE_SIZE, after: after ?? null },
    { keepPrevious: true, everyMs: RENEW_EVERY_MS },
  );
  return (
    <Loaded query={query} loading={<Lines count={8} height={28} />}>
      {(answer) => {
        const webhook = answer.data.org?.webhook;
        if (!webhook) return <FieldFailure answer={answer} field="org" />;
        return (
          <div>
            <AnchorLink to="/orgs/$org/webhooks" params={{ org: org.id }} size="sm">
              {webhooksTexts.title}
            </AnchorLink>
            <Page title={webhook.url}>
              <About webhook={webhook} />
              <Group justify="space-between" align="end">
                <div>
                  <Text component="h2" fw={600} size="lg" m={0}>
                    {webhooksTexts.deliveries}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {webhooksTexts.deliveriesHint}
                  </Text>
                </div>
                <NativeSelect
                  aria-label={webhooksTexts.status}
                  data={[{ value: '', label: webhooksTexts.all }, ...optionsOf(deliveryStatuses)]}
                  value={status ?? ''}
                  onChange={({ currentTarget: { value } }) =>
                    void navigate({ search: isDeliveryStatus(value) ? { status: value } : {} })
                  }
                />
              </Group>
              <PagedList
                label={webhooksTexts.deliveries}
                query={query}
                pageOf={({ data }) => data.org?.webhook?.deliveries}
                columns={columnsOf(id)}
                keyOf={(it) => it.id}
                empty={<Empty {...webhooksTexts.noDeliveries} />}
                after={after}
                onPage={(next) => void navigate({ search: (it) => ({ ...it, after: next }) })}
              />
            </Page>
          </div>
        );
      }}
    </Loaded>
  );
}

function About({ webhook }: { readonly webhook: Webhook }) {
  const org = useOrg();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string>();
  const ofWebhook = { org: org.id, webhook: webhook.id };
  const update = useWrite(UPDATE_WEBHOOK);
  const ping = useWrite(PING);
  const remove = useWrite(DELETE_WEBHOOK);
  const rotate = useWrite(ROTATE_SECRET, ({ rotateWebhookSecret }) =>
    setSecret(rotateWebhookSecret?.signingSecret ?? undefined),
  );
  return (
    <>
      <Text>
        <Badge color={webhook.active ? 'green' : 'gray'}>
          {webhook.active ? webhooksTexts.active : webhooksTexts.paused}
        </Badge>{' '}
        {webhook.description}
      </Text>
      <Text size="sm" c="dimmed">
        {webhook.events.map((it) => eventNames[it]).join(', ')}
      </Text>
      {org.can('updateWebhook') && (
        <Group gap="xs">
          <Button
            variant="default"
            size="compact-sm"
            loading={update.isPending}
            onClick={() => update.mutate({ ...ofWebhook, input: { active: !webhook.active } })}
          >
            {webhook.active ? webhooksTexts.pause : webhooksTexts.resume}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            loading={ping.isPending}
            onClick={() => ping.mutate(ofWebhook)}
          >
            {webhooksTexts.ping}
          </Button>
          <ConfirmButton
            label={webhooksTexts.rotate}
            about={webhook.url}
            question={webhooksTexts.rotateQuestion}
            consequence={webhooksTexts.rotateConsequence}
            write={rotate}
            onConfirm={(close) =>
              rotate.mutate({ ...ofWebhook, overlapSeconds: OVERLAP_SECONDS }, { onSuccess: close })
            }
          />
          <ConfirmButton
            label={webhooksTexts.delete}
            about={webhook.url}
            question={webhooksTexts.deleteQuestion}
            consequence={webhooksTexts.deleteConsequence}
            write={remove}
            onConfirm={() =>
              remove.mutate(ofWebhook, {
                onSuccess: () =>
                  void navigate({ to: '/orgs/$org/webhooks', params: { org: org.id } }),
              })
            }
          />
        </Group>
      )}
      <WriteError error={update.error ?? ping.error} />
      {secret && (
        <SecretOnce
          title={webhooksTexts.rotated}
          hint={webhooksTexts.secretHint}
          secret={secret}
          onDone={() => setSecret(undefined)}
        />
      )}
    </>
  );
}

function columnsOf(webhook: string): readonly Column<Delivery>[] {
  return [
    {
      header: webhooksTexts.delivery,
      cell: ({ type, createdAt }) => (
        <>
          <Text fw={600}>{eventNames[type]}</Text>
          <Text size="sm" c="dimmed">
            <Time at={createdAt} exact />
          </Text>
        </>
      ),
    },
    {
      header: webhooksTexts.status,
      width: '9rem',
      cell: ({ status }) => <Badge color={COLOURS[status]}>{deliveryStatuses[status]}</Badge>,
    },
    {
      header: webhooksTexts.attempts,
      wideOnly: true,
      cell: ({ attempts, nextAttemptAt }) => {
        const last = attempts.at(-1);
        return (
          <Text size="sm">
            {attempts.length}
            {last && ` · ${last.error ?? webhooksTexts.answered(last.statusCode ?? 0)}`}
            {nextAttemptAt && (
              <>
                <br />
                {webhooksTexts.nextAttempt}: <Time at={nextAttemptAt} />
              </>
            )}
          </Text>
        );
      },
    },
    {
      header: common.actions,
      width: '17.5rem',
      cell: (delivery) => <DeliveryActions webhook={webhook} delivery={delivery} />,
    },
  ];
}

interface DeliveryActionsProps {
  readonly webhook: string;
  readonly delivery: Delivery;
}

function DeliveryActions({ webhook, delivery: { id, type, createdAt } }: DeliveryActionsProps) {
  const org = useOrg();
  const [isOpen, setOpen] = useState(false);
  const write = useWrite(REDELIVER);
  const about = `${eventNames[type]}, ${createdAt}`;
  return (
    <div className="list-actions">
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${webhooksTexts.details}: ${about}`}
        onClick={() => setOpen(true)}
      >
        {webhooksTexts.details}
      </Button>
      {org.can('redeliverWebhookDelivery') && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`${webhooksTexts.redeliver}: ${about}`}
          loading={write.isPending}
          onClick={() => write.mutate({ org: org.id, webhook, delivery: id })}
        >
          {webhooksTexts.redeliver}
        </Button>
      )}
      <WriteError error={write.error} />
      {isOpen && (
        <DeliveryDetails
          webhook={webhook}
          delivery={id}
          event={eventNames[type]}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
