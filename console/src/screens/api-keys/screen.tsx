import { Code, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { apiKeysTexts } from '../../texts/api-keys.ts';
import { common } from '../../texts/common.ts';
import { roles, scopes as scopeNames } from '../../texts/names.ts';
import { authorOf } from '../../ui/author.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { CreateKey } from './create-key.tsx';
import { API_KEYS, DELETE_API_KEY } from './queries.ts';

const PAGE_SIZE = 50;

type Org = NonNullable<ResultOf<typeof API_KEYS>['org']>;
type ApiKey = NonNullable<Org['apiKeys']>['nodes'][number];

export function ApiKeysScreen() {
  const org = useOrg();
  const { after } = useSearch({ from: '/orgs/$org/api-keys' });
  const navigate = useNavigate({ from: '/orgs/$org/api-keys' });
  const [created, setCreated] = useState<{ readonly name: string; readonly key: string }>();
  const query = useRead(
    API_KEYS,
    { org: org.id, first: PAGE_SIZE, after: after ?? null },
    { keepPrevious: true },
  );
  return (
    <Page
      title={apiKeysTexts.title}
      actions={org.can('createApiKey') && <CreateKey onCreated={setCreated} />}
    >
      {created && (
        <SecretOnce
          title={apiKeysTexts.created(created.name)}
          hint={apiKeysTexts.createdHint}
          secret={created.key}
          onDone={() => setCreated(undefined)}
        />
      )}
      <PagedList
        label={apiKeysTexts.title}
        query={query}
        pageOf={({ data }) => data.org?.apiKeys}
        failed={(answer) => <FieldFailure answer={answer} field="org" />}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        empty={<Empty {...apiKeysTexts.empty} />}
        after={after}
        onPage={(next) => void navigate({ search: { after: next } })}
      />
    </Page>
  );
}

const COLUMNS: readonly Column<ApiKey>[] = [
  {
    header: apiKeysTexts.columns.key,
    width: '18rem',
    cell: ({ name, prefix, role, createdBy, lastUsedAt, expiresAt }) => (
      <>
        <Text fw={600}>{name}</Text>
        <Code>{prefix}…</Code>
        <Text size="sm" c="dimmed">
          {roles[role]}
          {createdBy && ` · ${apiKeysTexts.createdBy(authorOf(createdBy))}`}
        </Text>
        <Text size="sm" c="dimmed" className="narrow-only">
          {apiKeysTexts.columns.used}: <Time at={lastUsedAt} />
          {expiresAt && (
            <>
              {' · '}
              {apiKeysTexts.columns.expires}: <Time at={expiresAt} />
            </>
          )}
        </Text>
      </>
    ),
  },
  {
    header: apiKeysTexts.columns.scopes,
    wideOnly: true,
    cell: ({ scopes }) => <Text size="sm">{scopesText(scopes)}</Text>,
  },
  {
    header: apiKeysTexts.columns.used,
    wideOnly: true,
    width: '9rem',
    cell: ({ lastUsedAt }) => <Time at={lastUsedAt} />,
  },
  {
    header: apiKeysTexts.columns.expires,
    wideOnly: true,
    width: '9rem',
    cell: ({ expiresAt }) => <Time at={expiresAt} />,
  },
  { header: common.actions, width: '6.5rem', cell: (key) => <DeleteCell {...key} /> },
];

function scopesText(scopes: ApiKey['scopes']): string {
  if (scopes.length === 0) return apiKeysTexts.noScopes;
  if (scopes.length === Object.keys(scopeNames).length) return apiKeysTexts.allScopes;
  return scopes.map((it) => scopeNames[it]).join(', ');
}

function DeleteCell({ id, name }: ApiKey) {
  const org = useOrg();
  const write = useWrite(DELETE_API_KEY);
  if (!org.can('deleteApiKey')) return null;
  return (
    <ConfirmButton
      label={apiKeysTexts.delete}
      about={name}
      question={apiKeysTexts.deleteQuestion(name)}
      consequence={apiKeysTexts.deleteConsequence}
      write={write}
      onConfirm={(close) => write.mutate({ org: org.id, key: id }, { onSuccess: close })}
    />
  );
}
