import { Button, MultiSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { eventNames } from '../../texts/names.ts';
import { webhooksTexts } from '../../texts/webhooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { optionsOf } from '../../ui/options.ts';
import { CREATE_WEBHOOK } from './queries.ts';

type Event = keyof typeof eventNames;

/** @param onCreated called with the signing secret, which the server shows this once */
export function CreateWebhook({ onCreated }: { readonly onCreated: (secret: string) => void }) {
  const org = useOrg();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [events, setEvents] = useState<readonly Event[]>([]);
  const write = useWrite(CREATE_WEBHOOK, ({ createWebhook }) => {
    close();
    setUrl('');
    if (createWebhook?.signingSecret) onCreated(createWebhook.signingSecret);
  });
  return (
    <>
      <Button leftSection={<Icon name="plus" />} onClick={open}>
        {webhooksTexts.create}
      </Button>
      <FormDialog
        title={webhooksTexts.createTitle}
        submit={common.create}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() =>
          write.mutate({
            org: org.id,
            input: {
              url: url.trim(),
              events: [...events],
              ...(description && { description }),
            },
          })
        }
        onClose={close}
      >
        <TextInput
          type="url"
          label={webhooksTexts.url}
          description={webhooksTexts.urlHint}
          placeholder="https://"
          required
          data-autofocus
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
        <MultiSelect
          label={webhooksTexts.events}
          data={optionsOf(eventNames)}
          value={[...events]}
          searchable
          clearable
          onChange={(chosen) => setEvents(chosen.filter((it): it is Event => it in eventNames))}
        />
        <TextInput
          label={webhooksTexts.description}
          maxLength={2000}
          value={description}
          onChange={({ currentTarget }) => setDescription(currentTarget.value)}
        />
      </FormDialog>
    </>
  );
}
