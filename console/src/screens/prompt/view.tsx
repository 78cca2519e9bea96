import { Button, CloseButton, CopyButton, Group, Text } from '@mantine/core';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { common } from '../../texts/common.ts';
import { promptSections } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import {
  fieldName,
  firstOf,
  type ItemNames,
  itemName,
  itemNames,
  type Prompt,
  type Span,
} from './origins.ts';
import { Sizes } from './sizes.tsx';
import { PromptText } from './text.tsx';
import { WithheldParts } from './withheld.tsx';

interface PromptViewProps {
  readonly prompt: Prompt;
  /** A link to where the text of a stretch is edited, if the caller may. */
  readonly edit: (span: Span) => ReactNode;
}

/** The prompt with the origin of each part, its sizes, and what it lacks. */
export function PromptView({ prompt, edit }: PromptViewProps) {
  const [chosen, setChosen] = useState<number>();
  const text = useRef<HTMLDivElement>(null);
  const names = useMemo(() => itemNames(prompt), [prompt]);
  const { spans, characters, estimatedTokens } = prompt;
  if (characters === 0) return <Empty {...promptTexts.empty} />;
  const origin = chosen === undefined ? undefined : spans[chosen];

  function show(section: string, itemId?: string): void {
    const at = firstOf(prompt, section, itemId);
    if (at < 0) return;
    setChosen(at);
    const shown = text.current?.querySelector<HTMLElement>(`[data-span="${at}"]`);
    shown?.scrollIntoView({ block: 'center' });
    shown?.focus({ preventScroll: true });
  }

  return (
    <div className="prompt">
      <div className="prompt-main">
        <Panel
          title={promptTexts.text}
          aside={
            <CopyButton value={prompt.text}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? common.copied : promptTexts.copy}
                </Button>
              )}
            </CopyButton>
          }
        >
          <PromptText
            prompt={prompt}
            names={names}
            ref={text}
            mark={(_, at) => ({ 'aria-pressed': at === chosen })}
            onChoose={(_, at) => setChosen(at)}
          />
          {origin && (
            <Origin
              span={origin}
              names={names}
              edit={edit(origin)}
              onClose={() => setChosen(undefined)}
            />
          )}
        </Panel>
      </div>
      <div className="prompt-aside">
        <Panel title={promptTexts.sizes}>
          <Text size="sm" c="dimmed" mb="sm">
            {promptTexts.total(estimatedTokens, characters)}
          </Text>
          <Sizes sections={prompt.sections} names={names} onShow={show} />
        </Panel>
        <Panel title={promptTexts.withheld}>
          <WithheldParts parts={prompt.withheld} />
        </Panel>
      </div>
    </div>
  );
}

interface OriginProps {
  readonly span: Span;
  readonly names: ItemNames;
  readonly edit: ReactNode;
  readonly onClose: () => void;
}

/** What a stretch was read from. */
function Origin({ span, names, edit, onClose }: OriginProps) {
  const { section, itemId, field, derivedFrom } = span;
  return (
    <section className="prompt-card" aria-label={promptTexts.origin} aria-live="polite">
      <dl className="facts">
        <dt>{promptTexts.section}</dt>
        <dd>
          <span className="prompt-key" data-section={section} />
          {promptSections[section]}
        </dd>
        {itemId !== null && (
          <>
            <dt>{promptTexts.item}</dt>
            <dd>{itemName(names, section, itemId)}</dd>
          </>
        )}
        <dt>{promptTexts.field}</dt>
        <dd>{fieldName(field)}</dd>
        {derivedFrom && (
          <>
            <dt>{promptTexts.template}</dt>
            <dd>{promptTexts.templateVersion(derivedFrom.templateId, derivedFrom.version)}</dd>
          </>
        )}
      </dl>
      <Group gap="xs" wrap="nowrap">
        {edit}
        <CloseButton aria-label={promptTexts.close} onClick={onClose} />
      </Group>
    </section>
  );
}
