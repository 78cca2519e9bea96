import { Button, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { channelsTexts } from '../../texts/channels.ts';
import { type Channel, channelOf } from '../../ui/channel-name.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { type Draft, enteredValues, fieldsOf } from '../../ui/schema-form/fields.ts';
import { SchemaFields } from '../../ui/schema-form/schema-fields.tsx';
import type { ChannelForm } from './forms.ts';
import { CREATE_CHANNEL } from './queries.ts';

type Mode = keyof typeof channelsTexts.modes;

interface RequestChannelProps {
  readonly agent: string;
  readonly forms: readonly ChannelForm[];
  /** Those that the agent has: it has at most one binding for each. */
  readonly bound: readonly Channel[];
}

/** Adds a channel: the form is that of the catalog, for the chosen way to connect it. */
export function RequestChannel({ agent, forms, bound }: RequestChannelProps) {
  const org = useOrg();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [id, setId] = useState('');
  const [mode, setMode] = useState<Mode>('MANAGED');
  const [providerId, setProviderId] = useState('');
  const [draft, setDraft] = useState<Draft>({});
  const write = useWrite(CREATE_CHANNEL, close);
  const free = forms.filter((it) => {
    const channel = channelOf(it.id);
    return channel !== undefined && !bound.includes(channel);
  });
  const form = free.find((it) => it.id === id);
  const providers = form?.unmanaged?.providers ?? [];
  const provider = providers.find((it) => it.id === providerId) ?? providers[0];
  const isManaged = mode === 'MANAGED' || providers.length === 0;
  const schema = isManaged ? form?.managed.inputsSchema : provider?.authSchema;
  const fields = schema ? fieldsOf(schema) : [];
  const submit = () => {
    const channel = channelOf(id);
    if (!channel) return;
    const values = enteredValues(fields, draft);
    const input = isManaged
      ? { channel, mode: 'MANAGED' as const, inputs: values }
      : { channel, mode: 'UNMANAGED' as const, auth: values, provider: provider?.id ?? '' };
    write.mutate({ org: org.id, agent, input });
  };
  return (
    <>
      <Button
        leftSection={<Icon name="plus" />}
        onClick={() => {
          write.reset();
          setId('');
          setDraft({});
          open();
        }}
      >
        {channelsTexts.request}
      </Button>
      <FormDialog
        title={channelsTexts.requestTitle}
        submit={isManaged ? channelsTexts.submit : channelsTexts.connect}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={submit}
        onClose={close}
      >
        <NativeSelect
          label={channelsTexts.channel}
          description={form?.description}
          required
          withAsterisk={false}
          data-autofocus
          data={[
            { value: '', label: channelsTexts.choose },
            ...free.map((it) => ({ value: it.id, label: it.name })),
          ]}
          value={id}
          onChange={({ currentTarget }) => {
            setId(currentTarget.value);
            setDraft({});
          }}
        />
        {providers.length > 0 && (
          <div>
            <Text size="sm" fw={500} id="channel-mode">
              {channelsTexts.mode}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="channel-mode"
              data={(['MANAGED', 'UNMANAGED'] as const).map((it) => ({
                value: it,
                label: channelsTexts.modes[it],
              }))}
              value={mode}
              onChange={(value) => {
                setMode(value);
                setDraft({});
              }}
            />
            <Text size="xs" c="dimmed" mt={4}>
              {channelsTexts.modeHints[mode]}
            </Text>
          </div>
        )}
        {!isManaged && provider && (
          <NativeSelect
            label={channelsTexts.provider}
            description={provider.description}
            data={providers.map((it) => ({ value: it.id, label: it.name }))}
            value={provider.id}
            onChange={({ currentTarget }) => {
              setProviderId(currentTarget.value);
              setDraft({});
            }}
          />
        )}
        {form && isManaged && <Provisioning form={form} />}
        <SchemaFields fields={fields} values={{}} draft={draft} onChange={setDraft} />
      </FormDialog>
    </>
  );
}

function Provisioning({ form: { managed } }: { readonly form: ChannelForm }) {
  if (managed.instant) return <Text size="sm">{channelsTexts.instant}</Text>;
  const { copy, expectedDuration } = managed.provisioning;
  return (
    <div>
      <Text size="sm">{channelsTexts.duration(expectedDuration)}</Text>
      <details>
        <summary>{channelsTexts.howItGoes}</summary>
        <Text size="sm" className="secret">
          {copy}
        </Text>
      </details>
    </div>
  );
}
