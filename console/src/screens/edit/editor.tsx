import { Button, Group, SegmentedControl, Stack, Title } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { useOrg } from '../../session/viewer.tsx';
import { editTexts } from '../../texts/edit.ts';
import { sectionNames } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { Lines } from '../../ui/states.tsx';
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
import { MessagePreview } from './message-preview.tsx';
import type { EditPlace } from './place.ts';
import { type EDITOR, TOOLS } from './queries.ts';
import { SaveBar } from './save-bar.tsx';
import { SectionForm } from './section-form.tsx';
import { SectionList } from './section-list.tsx';
import { useDraft } from './use-draft.ts';
import { useFocus } from './use-focus.ts';
import { usePlan } from './use-plan.ts';

const DraftPrompt = lazy(async () => ({
  default: (await import('./draft-prompt.tsx')).DraftPrompt,
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
  const { section = FIRST, item: id, field } = useSearch({ from: FROM });
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
  const itemId = item && idOf(section, item);
  const references = useReferences(agent, definition);
  const isList = SECTIONS[section].idField !== undefined;
  const view = usePromptView();
  const [playbook, setPlaybook] = usePlaybook(definition, section, itemId);
  const plan = usePlan(org.id, draft, { playbook: playbook ?? null, isPromptShown: view.isShown });
  // Whom message templates are shown for.
  const [person, setPerson] = useState<string>();
  const form = useRef<HTMLDivElement>(null);
  // Counts the times that a field was asked for, also the same again.
  const [asked, setAsked] = useState(0);
  useFocus(form, field, `${section} ${id} ${asked}`);

  function add(newItemId: string, fields: Fields): void {
    draft.edit(withSection(definition, section, [...items, fields]));
    void navigate({ search: { section, item: newItemId } });
  }

  function go(place: EditPlace): void {
    view.showFields();
    void navigate({ search: place, resetScroll: false });
    setAsked((it) => it + 1);
  }

  const prompt = view.isShown && (
    <Suspense fallback={<Lines count={12} height={18} />}>
      <DraftPrompt
        definition={definition}
        plan={plan}
        place={{ section, ...(itemId !== undefined && { item: itemId }) }}
        playbook={playbook}
        onPlaybook={setPlaybook}
        onGo={go}
        {...(view.isWide && { onHide: view.toggle })}
      />
    </Suspense>
  );

  return (
    <div className="edit" {...(view.isWide && view.isShown && { 'data-prompt': 'beside' })}>
      <SectionList
        definition={definition}
        changed={draft.isChanged ? changedSections(definition, current.definition) : []}
        problems={plan.problems}
        section={section}
        item={itemId}
      />
      <Stack gap="md" className="edit-main">
        {!view.isWide && (
          <SegmentedControl
            aria-label={editTexts.prompt.view}
            data={[
              { value: 'fields', label: editTexts.prompt.fields },
              { value: 'prompt', label: promptTexts.text },
            ]}
            value={view.isShown ? 'prompt' : 'fields'}
            onChange={view.toggle}
          />
        )}
        {!view.isWide && prompt}
        <Stack gap="md" ref={form} hidden={!view.isWide && view.isShown}>
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
            {view.isWide && !view.isShown && (
              <Button variant="default" onClick={view.toggle}>
                {editTexts.prompt.show}
              </Button>
            )}
          </Group>
          <SectionForm
            key={`${section} ${revision}`}
            definition={definition}
            section={section}
            item={item}
            references={references}
            problems={plan.problems}
            onEdit={draft.edit}
          />
          {section === 'MESSAGE_TEMPLATES' && item && org.can('Agent.messagePreview') && (
            <MessagePreview agent={agent.id} template={item} person={person} onPerson={setPerson} />
          )}
        </Stack>
        <SaveBar
          agent={agent}
          current={current.definition}
          draft={draft}
          problems={plan.problems}
          onGo={go}
          onSaved={onSaved}
          onReplaced={() => setRevision((it) => it + 1)}
        />
      </Stack>
      {view.isWide && prompt}
    </div>
  );
}

/** Wide enough for the sections, the fields and the prompt beside each other. */
const IS_WIDE = '(min-width: 75em)';

interface PromptView {
  readonly isWide: boolean;
  /** Whether the prompt is shown: beside the fields, or in place of them on a narrow screen. */
  readonly isShown: boolean;
  toggle(): void;
  /** Shows the fields, if they are not shown. */
  showFields(): void;
}

function usePromptView(): PromptView {
  const isWide = useMediaQuery(IS_WIDE, undefined, { getInitialValueInEffect: false });
  const [isBeside, setBeside] = useLocalStorage({
    key: 'agent-api:prompt-beside',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const [isInstead, setInstead] = useState(false);
  return {
    isWide,
    isShown: isWide ? isBeside : isInstead,
    toggle: () => (isWide ? setBeside(!isBeside) : setInstead(!isInstead)),
    showFields: () => setInstead(false),
  };
}

/** The active playbook of the prompt: the one that is edited or was edited last, or a chosen one. */
function usePlaybook(definition: Definition, section: Section, itemId: string | undefined) {
  const edited = section === 'PLAYBOOKS' ? itemId : undefined;
  const [seen, setSeen] = useState(edited);
  const [playbook, setPlaybook] = useState(edited);
  if (seen !== edited) {
    setSeen(edited);
    if (edited !== undefined) setPlaybook(edited);
  }
  const found = playbook === undefined ? undefined : itemOf(definition, 'PLAYBOOKS', playbook);
  const isNamed = found !== undefined && found.isDefault !== true;
  return [isNamed ? playbook : undefined, setPlaybook] as const;
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
