import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import { ApiError } from '../../graphql/errors.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { editTexts } from '../../texts/edit.ts';
import { sectionNames } from '../../texts/names.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { AddItem } from './add-item.tsx';
import {
  changedSections,
  type Definition,
  definitionOf,
  type EditedAgent,
  type Fields,
  idOf,
  itemName,
  itemOf,
  itemsOf,
  SECTIONS,
  type Section,
  withSection,
} from './definition.ts';
import type { References } from './field.tsx';
import { type EDITOR, SAVE, TOOLS } from './queries.ts';
import { SectionForm } from './section-form.tsx';
import { SectionList } from './section-list.tsx';
import { type DraftOfEditor, useDraft } from './use-draft.ts';

const MergeDialog = lazy(async () => ({
  default: (await import('./merge-dialog.tsx')).MergeDialog,
}));

const FROM = '/orgs/$org/agents/$agent/edit';
const FIRST: Section = 'AGENT';

type Agent = NonNullable<NonNullable<ResultOf<typeof EDITOR>['org']>['agent']>;

interface EditorProps {
  readonly agent: Agent;
  /** Called with what was saved. */
  readonly onSaved: (saved: EditedAgent) => void;
}

export function Editor({ agent, onSaved }: EditorProps) {
  const org = useOrg();
  const { section = FIRST, item: id } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const current = useMemo(
    () => ({ version: agent.version, definition: definitionOf(agent) }),
    [agent],
  );
  const draft = useDraft(org.id, agent.id, current);
  // Counts the times that the form shows something else than what was typed.
  const [revision, setRevision] = useState(0);
  const { definition } = draft;
  const items = itemsOf(definition, section);
  const item = (id === undefined ? undefined : itemOf(definition, section, id)) ?? items[0];
  const references = useReferences(agent, definition);
  const isList = SECTIONS[section].idField !== undefined;

  function add(newItemId: string, fields: Fields): void {
    draft.edit(withSection(definition, section, [...items, fields]));
    void navigate({ search: { section, item: newItemId } });
  }

  return (
    <div className="edit">
      <SectionList
        definition={definition}
        changed={draft.isChanged ? changedSections(definition, current.definition) : []}
        section={section}
        item={item && idOf(section, item)}
      />
      <Stack gap="md">
        <Group justify="space-between" align="end">
          <Title order={2} size="h4">
            {sectionNames[section]}
          </Title>
          {isList && (
            <AddItem
              key={section}
              section={section}
              ids={items.map((it) => idOf(section, it))}
              tools={references.tools}
              onAdd={add}
            />
          )}
        </Group>
        <SectionForm
          key={`${section} ${revision}`}
          definition={definition}
          section={section}
          item={item}
          references={references}
          onEdit={draft.edit}
        />
        <SaveBar
          agent={agent}
          current={current.definition}
          draft={draft}
          onSaved={onSaved}
          onReplaced={() => setRevision((it) => it + 1)}
        />
      </Stack>
    </div>
  );
}

/** What references can be chosen from: items of the draft, system skills, and the catalog. */
function useReferences(agent: Agent, definition: Definition): References {
  const query = useRead(TOOLS, {});
  const named = (section: Section) =>
    itemsOf(definition, section).map((it) => ({
      value: idOf(section, it),
      label: itemName(section, it),
    }));
  const system = agent.skills
    .filter(({ source }) => source === 'SYSTEM')
    .map(({ id, name }) => ({ value: id, label: name }));
  return {
    skills: [...named('SKILLS'), ...system],
    templates: named('MESSAGE_TEMPLATES'),
    tools: (query.data?.data.catalog?.tools ?? []).map(({ id, name }) => ({
      value: id,
      label: name,
    })),
  };
}

interface SaveBarProps extends EditorProps {
  readonly current: Definition;
  readonly draft: DraftOfEditor;
  /** Called when the draft is replaced by something else than typing. */
  readonly onReplaced: () => void;
}

function SaveBar({ agent, current, draft, onSaved, onReplaced }: SaveBarProps) {
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
        <Group justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {isChanged ? editTexts.unsaved(changed) : editTexts.saved}
          </Text>
          <Group gap="xs">
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
