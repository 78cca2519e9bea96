import { Button, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { common } from '../../texts/common.ts';
import { toolsTexts } from '../../texts/tools.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { type Draft, enteredValues, fieldsOf } from '../../ui/schema-form/fields.ts';
import { SchemaFields } from '../../ui/schema-form/schema-fields.tsx';
import { BIND_TOOL, type CATALOG_TOOLS } from './queries.ts';

type CatalogTool = NonNullable<ResultOf<typeof CATALOG_TOOLS>['catalog']>['tools'][number];

interface AddToolProps {
  readonly org: string;
  readonly agent: string;
  /** Those that the agent is not bound to. */
  readonly tools: readonly CatalogTool[];
}

export function AddTool({ org, agent, tools }: AddToolProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [id, setId] = useState('');
  const [draft, setDraft] = useState<Draft>({});
  const write = useWrite(BIND_TOOL, close);
  const tool = tools.find((it) => it.id === id);
  const fields = tool?.configSchema ? fieldsOf(tool.configSchema) : [];
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
        {toolsTexts.add}
      </Button>
      <FormDialog
        title={toolsTexts.add}
        submit={common.add}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() =>
          write.mutate({
            org,
            agent,
            tool: id,
            config: enteredValues(fields, draft),
          })
        }
        onClose={close}
      >
        <NativeSelect
          label={toolsTexts.tool}
          description={tool?.description}
          required
          withAsterisk={false}
          data-autofocus
          data={[
            { value: '', label: toolsTexts.choose },
            ...tools.map((it) => ({ value: it.id, label: it.name })),
          ]}
          value={id}
          onChange={({ currentTarget }) => {
            setId(currentTarget.value);
            setDraft({});
          }}
        />
        <SchemaFields fields={fields} values={{}} draft={draft} onChange={setDraft} />
      </FormDialog>
    </>
  );
}
