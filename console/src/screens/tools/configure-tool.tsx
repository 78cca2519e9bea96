import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { common } from '../../texts/common.ts';
import { toolsTexts } from '../../texts/tools.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { changesOf, draftOf, fieldsOf, type Schema } from '../../ui/schema-form/fields.ts';
import { SchemaFields } from '../../ui/schema-form/schema-fields.tsx';
import { CONFIGURE_TOOL } from './queries.ts';
import type { Binding, ToolRef } from './refs.ts';

interface ConfigureToolProps {
  readonly of: ToolRef;
  readonly binding: Binding;
  readonly schema: Schema;
}

/** Changes fields of a config. A secret that is not entered stays. */
export function ConfigureTool({ of, binding, schema }: ConfigureToolProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const fields = fieldsOf(schema);
  const [before, setBefore] = useState(() => draftOf(fields, binding.config));
  const [draft, setDraft] = useState(before);
  const write = useWrite(CONFIGURE_TOOL, close);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${toolsTexts.configure}: ${binding.name}`}
        onClick={() => {
          const stored = draftOf(fields, binding.config);
          write.reset();
          setBefore(stored);
          setDraft(stored);
          open();
        }}
      >
        {toolsTexts.configure}
      </Button>
      <FormDialog
        title={toolsTexts.configureTitle(binding.name)}
        submit={common.save}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() => write.mutate({ ...of, config: changesOf(fields, before, draft) })}
        onClose={close}
      >
        {fields.length === 0 && <Text>{toolsTexts.noFields}</Text>}
        <SchemaFields fields={fields} values={binding.config} draft={draft} onChange={setDraft} />
      </FormDialog>
    </>
  );
}
