import { Alert, CloseButton, Group, Loader, NativeSelect, Text, Title } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { editTexts } from '../../texts/edit.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { Empty, Failed, Lines } from '../../ui/states.tsx';
import { firstOf, itemNames, type Prompt, type Span } from '../prompt/origins.ts';
import { SizeKey } from '../prompt/size-key.tsx';
import { PromptText } from '../prompt/text.tsx';
import { WithheldParts } from '../prompt/withheld.tsx';
import { type Definition, idOf, itemName, itemOf, itemsOf } from './definition.ts';
import { type EditPlace, placeOfOrigin } from './place.ts';
import type { DraftPlan } from './use-plan.ts';

const texts = editTexts.prompt;

interface DraftPromptProps {
  readonly definition: Definition;
  readonly plan: DraftPlan;
  /** What is edited. */
  readonly place: EditPlace;
  /** The active playbook; undefined for the default one. */
  readonly playbook: string | undefined;
  readonly onPlaybook: (id: string | undefined) => void;
  readonly onGo: (place: EditPlace) => void;
  /** Left out if the prompt is not beside the form. */
  readonly onHide?: () => void;
}

/** What the model will see of the draft. Each stretch leads to its field. */
export function DraftPrompt(props: DraftPromptProps) {
  const { definition, plan, playbook, onPlaybook, onHide } = props;
  const playbooks = itemsOf(definition, 'PLAYBOOKS');
  const first = playbooks.find(({ isDefault }) => isDefault === true);
  return (
    <section className="edit-prompt" aria-label={promptTexts.text}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            {promptTexts.text}
          </Title>
          {plan.isOld && plan.prompt && <Loader size={14} aria-hidden="true" />}
        </Group>
        {onHide && <CloseButton aria-label={texts.hide} title={texts.hide} onClick={onHide} />}
      </Group>
      {playbooks.length > 1 && (
        <NativeSelect
          size="xs"
          label={promptTexts.playbook}
          data={playbooks.map((it) => ({
            value: it === first ? '' : idOf('PLAYBOOKS', it),
            label:
              it === first
                ? promptTexts.defaultPlaybook(itemName('PLAYBOOKS', it))
                : itemName('PLAYBOOKS', it),
          }))}
          value={playbook ?? ''}
          onChange={({ currentTarget: { value } }) => onPlaybook(value || undefined)}
        />
      )}
      <Contents {...props} />
    </section>
  );
}

function Contents({ definition, plan, place, onGo }: DraftPromptProps) {
  const { prompt, failure, problems, isOld } = plan;
  if (!prompt) {
    if (problems.length > 0) return <Empty {...texts.unreadable} />;
    if (failure) return <Failed error={failure} />;
    return (
      <div aria-busy="true">
        <Lines count={12} height={18} />
      </div>
    );
  }
  const isOutdated = failure !== undefined && !isOld;
  return (
    <>
      {isOutdated && (
        <Alert color="yellow" p="xs">
          {problems.length > 0 ? texts.outdated : failure.message}
        </Alert>
      )}
      {prompt.characters === 0 ? (
        <Empty {...promptTexts.empty} />
      ) : (
        <Shown definition={definition} prompt={prompt} place={place} onGo={onGo} />
      )}
    </>
  );
}

interface ShownProps extends Pick<DraftPromptProps, 'definition' | 'place' | 'onGo'> {
  readonly prompt: Prompt;
}

function Shown({ definition, prompt, place, onGo }: ShownProps) {
  const text = useRef<HTMLDivElement>(null);
  const names = useMemo(() => itemNames(prompt), [prompt]);
  const { section, item } = place;
  const at = firstOf(prompt, section, item);
  const hasPrompt = prompt.characters > 0;
  // The text follows the form, but does not move under the pointer that chose a stretch.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a prompt that changes does not scroll
  useEffect(() => {
    if (!isSeen(text.current, at)) scrollTo(text.current, at);
  }, [section, item, hasPrompt]);

  const isCurrent = (span: Span) =>
    span.section === section && (span.itemId === null || span.itemId === item);
  return (
    <>
      <Text size="xs" c="dimmed">
        {promptTexts.total(prompt.estimatedTokens, prompt.characters)}
      </Text>
      <SizeKey
        sections={prompt.sections}
        onShow={(of) => scrollTo(text.current, firstOf(prompt, of))}
      />
      {prompt.withheld.length > 0 && (
        <details>
          <summary>{texts.withheld(prompt.withheld.length)}</summary>
          <WithheldParts parts={prompt.withheld} />
        </details>
      )}
      <PromptText
        prompt={prompt}
        names={names}
        ref={text}
        mark={(span) => (isCurrent(span) ? { 'aria-current': true } : {})}
        onChoose={(span) => {
          const to = placeOfOrigin(span, (of, id) => itemOf(definition, of, id) !== undefined);
          if (to) onGo(to);
        }}
      />
    </>
  );
}

/** Whether some of a stretch is seen in the box. */
function isSeen(box: HTMLElement | null, at: number): boolean {
  const stretch = stretchOf(box, at);
  if (!box || !stretch) return false;
  const [outer, inner] = [box.getBoundingClientRect(), stretch.getBoundingClientRect()];
  return inner.top < outer.bottom && inner.bottom > outer.top;
}

/** Scrolls the box to a stretch, without the page. */
function scrollTo(box: HTMLElement | null, at: number): void {
  const stretch = stretchOf(box, at);
  if (!box || !stretch) return;
  const [outer, inner] = [box.getBoundingClientRect(), stretch.getBoundingClientRect()];
  box.scrollTo({ top: box.scrollTop + inner.top - outer.top - 8 });
}

function stretchOf(box: HTMLElement | null, at: number): Element | null {
  return box?.querySelector(`[data-span="${at}"]`) ?? null;
}
