import {
  Button,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { settingsTexts } from '../../texts/settings.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Lines, Loaded } from '../../ui/states.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { SETTINGS, UPDATE_ORG } from './queries.ts';

type Org = NonNullable<ResultOf<typeof SETTINGS>['org']>;

export function SettingsScreen() {
  const { id } = useOrg();
  const query = useRead(SETTINGS, { org: id });
  return (
    <Page title={settingsTexts.title}>
      <Paper withBorder p="md" maw="36rem">
        <Loaded query={query} loading={<Lines count={5} height={44} />}>
          {(answer) =>
            answer.data.org ? (
              // Another version begins with the values that others have saved.
              <SettingsForm key={answer.data.org.version} org={answer.data.org} />
            ) : (
              <FieldFailure answer={answer} field="org" />
            )
          }
        </Loaded>
      </Paper>
    </Page>
  );
}

function SettingsForm({ org }: { readonly org: Org }) {
  const { can } = useOrg();
  const [name, setName] = useState(org.name);
  const [description, setDescription] = useState(org.description ?? '');
  const [timeZone, setTimeZone] = useState(org.timeZone ?? '');
  const write = useWrite(UPDATE_ORG);
  const isReadOnly = !can('updateOrg');
  const isChanged =
    name !== org.name ||
    description !== (org.description ?? '') ||
    timeZone !== (org.timeZone ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const input = { name, description: description || null, timeZone: timeZone || null };
        write.mutate({ org: org.id, input, version: org.version });
      }}
    >
      <Stack>
        <TextInput
          label={settingsTexts.name}
          required
          maxLength={200}
          readOnly={isReadOnly}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Textarea
          label={settingsTexts.description}
          maxLength={2000}
          rows={3}
          readOnly={isReadOnly}
          value={description}
          onChange={({ currentTarget }) => setDescription(currentTarget.value)}
        />
        <NativeSelect
          label={settingsTexts.timeZone}
          disabled={isReadOnly}
          data={[
            { value: '', label: settingsTexts.noTimeZone },
            ...Intl.supportedValuesOf('timeZone').map((it) => ({ value: it, label: it })),
          ]}
          value={timeZone}
          onChange={({ currentTarget }) => setTimeZone(currentTarget.value)}
        />
        <dl className="facts">
          <Fact name={settingsTexts.id} values={[org.id]} />
          <Fact name={settingsTexts.features} values={org.features} />
          <Fact name={settingsTexts.products} values={org.products} />
        </dl>
        <WriteError error={write.error} />
        {!isReadOnly && (
          <Group justify="flex-end">
            <Button type="submit" disabled={!isChanged} loading={write.isPending}>
              {common.save}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function Fact({ name, values }: { readonly name: string; readonly values: readonly string[] }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {values.length > 0 ? (
          values.join(', ')
        ) : (
          <Text size="sm" c="dimmed">
            {settingsTexts.none}
          </Text>
        )}
      </dd>
    </>
  );
}
