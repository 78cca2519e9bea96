import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useOrg } from '../../session/viewer.tsx';
import { agentsTexts } from '../../texts/agents.ts';
import { Icon } from '../../ui/icons.tsx';
import { withMoreStyles } from '../../ui/more-styles.ts';

const CreateDialog = lazy(async () => ({
  default: (await withMoreStyles(import('./create-dialog.tsx'))).CreateDialog,
}));

/** Offers to create an agent, to callers who may. The dialog is loaded when it is opened. */
export function CreateAgent() {
  const org = useOrg();
  const [isOpen, setOpen] = useState(false);
  if (!org.can('createAgent')) return null;
  return (
    <>
      <Button leftSection={<Icon name="plus" />} onClick={() => setOpen(true)}>
        {agentsTexts.create}
      </Button>
      {isOpen && (
        <Suspense>
          <CreateDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
