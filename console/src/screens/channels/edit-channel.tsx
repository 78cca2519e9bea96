import { Button, Switch, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import type { VariablesOf } from '../../graphql/graphql.ts';
import { channelsTexts } from '../../texts/channels.ts';
import { common } from '../../texts/common.ts';
import { channelNames } from '../../texts/names.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import {
  changesOf,
  type Draft,
  draftOf,
  type Field,
  fieldsOf,
} from '../../ui/schema-form/fields.ts';
import { SchemaFields } from '../../ui/schema-form/schema-fields.tsx';
import type { Binding, ChannelForm } from './forms.ts';
import { UPDATE_CHANNEL } from './queries.ts';

type Input = VariablesOf<typeof UPDATE_CHANNEL>['input'];

interface EditChannelProps {
  readonly org: string;
  readonly agent: string;
  readonly binding: Binding;
  /** Undefined if the caller may not read the catalog: then the business inputs are left out. */
  readonly form: ChannelForm | undefined;
}

/** What the dialog edits: the parts of a binding. */
interface Parts {
  readonly values: Draft;
  readonly isCompliant: boolean;
  readonly disclaimer: string;
  readonly delay: string;
}

export function EditChannel({ org, agent, binding, form }: EditChannelProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const fields = fieldsFor(binding, form);
  const stored = binding.inputs ?? {};
  const before = partsOf(binding, fields);
  const [parts, setParts] = useState(before);
  const write = useWrite(UPDATE_CHANNEL, close);
  const name = channelNames[binding.channel];
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${channelsTexts.edit}: ${name}`}
        onClick={() => {
          write.reset();
          setParts(before);
          open();
        }}
      >
        {channelsTexts.edit}
      </Button>
      <FormDialog
        title={channelsTexts.editTitle(name)}
        submit={common.save}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() =>
          write.mutate({
            org,
            agent,
            channel: binding.id,
            input: inputOf(binding, fields, before, parts),
          })
        }
        onClose={close}
      >
        {form?.carrierCompliance && (
          <>
            <Switch
              label={channelsTexts.compliance}
              description={channelsTexts.complianceHint}
              checked={parts.isCompliant}
              onChange={({ currentTarget }) =>
                setParts({ ...parts, isCompliant: currentTarget.checked })
              }
            />
            <Textarea
              label={channelsTexts.disclaimer}
              description={channelsTexts.disclaimerHint}
              maxLength={1000}
              value={parts.disclaimer}
              onChange={({ currentTarget }) =>
                setParts({ ...parts, disclaimer: currentTarget.value })
              }
            />
          </>
        )}
        <TextInput
          type="number"
          label={channelsTexts.delay}
          description={channelsTexts.delayHint}
          min={250}
          max={3000}
          value={parts.delay}
          onChange={({ currentTarget }) => setParts({ ...parts, delay: currentTarget.value })}
        />
        <SchemaFields
          fields={fields}
          values={stored}
          draft={parts.values}
          onChange={(values) => setParts({ ...parts, values })}
        />
      </FormDialog>
    </>
  );
}

/** Of credentials, every field is empty: those that are entered replace the stored ones. */
function fieldsFor({ mode, provider }: Binding, form: ChannelForm | undefined): readonly Field[] {
  if (mode === 'MANAGED') return form ? fieldsOf(form.managed.inputsSchema) : [];
  const found = form?.unmanaged?.providers.find(({ id }) => id === provider);
  if (!found) return [];
  return fieldsOf(found.authSchema).map((it) => ({ ...it, isRequired: false }));
}

function partsOf({ inputs, compliance, delivery }: Binding, fields: readonly Field[]): Parts {
  return {
    values: draftOf(fields, inputs ?? {}),
    isCompliant: compliance?.enabled ?? false,
    disclaimer: compliance?.disclaimerText ?? '',
    delay: String(delivery?.minMessageDelayMs ?? ''),
  };
}

function inputOf(
  { mode }: Binding,
  fields: readonly Field[],
  before: Parts,
  { values, isCompliant, disclaimer, delay }: Parts,
): Input {
  const changed = changesOf(fields, before.values, values);
  const compliance = {
    ...(isCompliant !== before.isCompliant && { enabled: isCompliant }),
    ...(disclaimer !== before.disclaimer && { disclaimerText: disclaimer.trim() || null }),
  };
  const isChanged = (part: object) => Object.keys(part).length > 0;
  return {
    ...(isChanged(changed) && { [mode === 'MANAGED' ? 'inputs' : 'auth']: changed }),
    ...(isChanged(compliance) && { compliance }),
    ...(delay !== before.delay && {
      delivery: { minMessageDelayMs: delay.trim() ? Number(delay) : null },
    }),
  };
}
