import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { ApiError } from '../../graphql/errors.ts';
import { useOrg } from '../../session/viewer.tsx';
import { editTexts } from '../../texts/edit.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { changedSections, type Definition, type EditedAgent } from './definition.ts';
import { SAVE } from './queries.ts';
import type { DraftOfEditor } from './use-draft.ts';

const MergeDialog = lazy(async () => ({
  default: (await import('./merge-dialog.tsx')).MergeDialog,
}));

interface SaveBarProps {
  readonly agent: EditedAgent;
  readonly current: Definition;
  readonly draft: DraftOfEditor;
  /** Called with what was saved. */
  readonly onSaved: (saved: EditedAgent) => void;
  /** Called when the draft is replaced by something else than typing. */
  readonly onReplaced: () => void;
}

/** Says what is not saved, and saves or discards it. */
export function SaveBar({ agent, current, draft, onSaved, onReplaced }: SaveBarProps) {
  const org = useOrg();
  const [isMerging, setMerging] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const { base, definition, isChanged } = draft;
  const write = useWrite(SAVE);
  const isConflict = write.error instanceof ApiError && write.error.code === 'version.mismatch';
  const changed = isChanged ? changedSections(definition, current).length : 0;

  function save(): void {
    const document = JSON.stringify(definition);
    write.mutate(
      { org: org.id, document, base, expectedVersion: base },
      {
        onSuccess({ importAgentDocument }) {
          if (!importAgentDocument) return;
          onSaved(importAgentDocument.agent);
          draft.saved(definition, importAgentDocument.agent.version);
        },
        onError: (error) =>
          setMerging(error instanceof ApiError && error.code === 'version.mismatch'),
      },
    );
  }

  return (
    <section className="edit-bar" aria-label={editTexts.draft}>
      <Stack gap="xs">
        {isChanged && base < agent.version && (
          <Alert color="yellow">{editTexts.behind(agent.version)}</Alert>
        )}
        {draft.isTooLarge && <Alert color="orange">{editTexts.tooLarge}</Alert>}
        <WriteError error={isConflict ? null : write.error} />
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c="dimmed" role="status">
            {isChanged ? editTexts.unsaved(changed) : editTexts.saved}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" disabled={!isChanged} onClick={() => setDiscarding(true)}>
              {editTexts.discard}
            </Button>
            <Button disabled={!isChanged} loading={write.isPending} onClick={save}>
              {editTexts.save}
            </Button>
          </Group>
        </Group>
      </Stack>
      <FormDialog
        title={editTexts.discardQuestion}
        submit={editTexts.discard}
        isOpen={isDiscarding}
        isBusy={false}
        error={null}
        isDangerous
        onSubmit={() => {
          write.reset();
          draft.discard();
          onReplaced();
          setDiscarding(false);
        }}
        onClose={() => setDiscarding(false)}
      >
        <Text>{editTexts.discardConsequence}</Text>
      </FormDialog>
      {isMerging && (
        <Suspense>
          <MergeDialog
            org={org.id}
            agent={agent.id}
            base={base}
            yours={definition}
            onSaved={(saved) => {
              onSaved(saved);
              draft.discard();
              onReplaced();
              setMerging(false);
            }}
            onClose={() => setMerging(false)}
          />
        </Suspense>
      )}
    </section>
  );
}
