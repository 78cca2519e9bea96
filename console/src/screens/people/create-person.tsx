import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { peopleTexts } from '../../texts/people.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { PersonFields } from './person-fields.tsx';
import { CREATE_PERSON } from './queries.ts';
import { changesOf, draftOf, NEW_PERSON } from './record.ts';

export function CreatePerson({ agent }: { readonly agent: string }) {
  const org = useOrg();
  const navigate = useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const nothing = draftOf(NEW_PERSON);
  const [draft, setDraft] = useState(nothing);
  const write = useWrite(CREATE_PERSON, ({ createPerson }) => {
    if (!createPerson) return;
    void navigate({
      to: '/orgs/$org/agents/$agent/people/$person',
      params: { org: org.id, agent, person: createPerson.id },
    });
  });
  return (
    <>
      <Button leftSection={<Icon name="plus" />} onClick={open}>
        {peopleTexts.create}
      </Button>
      <FormDialog
        title={peopleTexts.createTitle}
        submit={common.add}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() => write.mutate({ org: org.id, agent, input: changesOf(nothing, draft) })}
        onClose={close}
      >
        <PersonFields draft={draft} onChange={setDraft} />
      </FormDialog>
    </>
  );
}
