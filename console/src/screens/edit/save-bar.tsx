import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { ApiError } from '../../graphql/errors.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { editTexts } from '../../texts/edit.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { changedSections, type Definition, type EditedAgent } from './definition.ts';
import type { EditPlace } from './place.ts';
import { ProblemList } from './problem-list.tsx';
import { type PlacedProblem, placed } from './problems.ts';
import { SAVE } from './queries.ts';
import type { DraftOfEditor } from './use-draft.ts';

const MergeDialog = lazy(async () => ({
  default: (await import('./merge-dialog.tsx')).MergeDialog,
}));

interface SaveBarProps {
  readonly agent: EditedAgent;
  readonly current: Definition;
  readonly draft: DraftOfEditor;
  /** Why a save would be refused. */
  readonly problems: readonly PlacedProblem[];
  readonly onGo: (place: EditPlace) => void;
  /** Called with what was saved. */
  readonly onSaved: (saved: EditedAgent) => void;
  /** Called when the draft is replaced by something else than typing. */
  readonly onReplaced: () => void;
}

/** Says what is not saved, and saves or discards it. */
export function SaveBar(props: SaveBarProps) {
  const { agent, current, draft, problems, onGo, onSaved, onReplaced } = props;
  const org = useOrg();
  const [isMerging, setMerging] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  // Counts the problems that were followed to their places.
  const [followed, setFollowed] = useState(0);
  const { base, definition, isChanged } = draft;
  const write = useWrite(SAVE);
  // What was refused is not said of what was typed since.
  const isOfDraft = write.error && write.variables?.document === JSON.stringify(definition);
  const refusal = isOfDraft ? write.error : null;
  const isConflict = write.error instanceof ApiError && write.error.code === 'version.mismatch';
  const changed = isChanged ? changedSections(definition, current).length : 0;

  // The list closes: it would cover the field that gets the focus.
  function go(place: EditPlace): void {
    write.reset();
    setFollowed((it) => it + 1);
    onGo(place);
  }

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
        {!isConflict && refusal && <Refusal error={refusal} definition={definition} onGo={go} />}
        {!refusal && problems.length > 0 && (
          <details key={followed}>
            <summary>{editTexts.problems(problems.length)}</summary>
            <ProblemList definition={definition} problems={problems} onGo={go} />
          </details>
        )}
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

interface RefusalProps {
  readonly error: Error;
  readonly definition: Definition;
  readonly onGo: (place: EditPlace) => void;
}

/** Why a save was refused. */
function Refusal({ error, definition, onGo }: RefusalProps) {
  const { details, code } = error instanceof ApiError ? error : { details: [], code: '' };
  if (details.length === 0) return <WriteError error={error} />;
  const problems = placed(
    definition,
    details.map((it) => ({ ...it, code })),
  );
  return (
    <Alert color="red" title={common.refused} role="alert" p="sm">
      <ProblemList definition={definition} problems={problems} onGo={onGo} />
    </Alert>
  );
}
