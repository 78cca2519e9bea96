import { Button, Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { apiKeysTexts } from '../../texts/api-keys.ts';
import { common } from '../../texts/common.ts';
import { roles, scopes as scopeNames } from '../../texts/names.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { optionsOf } from '../../ui/options.ts';
import { CREATE_API_KEY } from './queries.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

interface CreateKeyProps {
  /** Called with the key, which the server shows this once. */
  readonly onCreated: (created: { readonly name: string; readonly key: string }) => void;
}

export function CreateKey({ onCreated }: CreateKeyProps) {
  const org = useOrg();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [days, setDays] = useState('');
  const write = useWrite(CREATE_API_KEY, ({ createApiKey }) => {
    close();
    setName('');
    setScopes([]);
    if (createApiKey?.key) onCreated({ name: createApiKey.name, key: createApiKey.key });
  });
  // A key has no right that its creator lacks.
  const offered = org.membership.scopes;

  function submit(): void {
    const expiresAt = days && new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    write.mutate({
      org: org.id,
      input: {
        name: name.trim(),
        scopes: offered.filter((it) => scopes.includes(it)),
        ...(expiresAt && { expiresAt }),
      },
    });
  }

  return (
    <>
      <Button leftSection={<Icon name="plus" />} onClick={open}>
        {apiKeysTexts.create}
      </Button>
      <FormDialog
        title={apiKeysTexts.createTitle}
        submit={common.create}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={submit}
        onClose={close}
      >
        <TextInput
          label={apiKeysTexts.name}
          description={apiKeysTexts.nameHint}
          required
          maxLength={200}
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Checkbox.Group label={apiKeysTexts.scopes} value={[...scopes]} onChange={setScopes}>
          <Stack gap={6} mt={6}>
            {offered.map((it) => (
              <Checkbox key={it} value={it} label={scopeNames[it]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label={apiKeysTexts.expires}
          data={optionsOf(apiKeysTexts.expiries).toSorted(
            (a, b) => Number(a.value) - Number(b.value),
          )}
          value={days}
          onChange={({ currentTarget }) => setDays(currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          {apiKeysTexts.role(roles[org.membership.role])}
        </Text>
      </FormDialog>
    </>
  );
}
