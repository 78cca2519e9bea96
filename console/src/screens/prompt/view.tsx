import { Button, CloseButton, CopyButton, Text } from '@mantine/core';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { common } from '../../texts/common.ts';
import { promptSections } from '../../texts/names.ts';
import { promptTexts } from '../../texts/prompt.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import {
  fieldName,
  type ItemNames,
  isAuthored,
  itemName,
  itemNames,
  originName,
  type Prompt,
  type Span,
} from './origins.ts';
import { Sizes } from './sizes.tsx';
import { WithheldParts } from './withheld.tsx';

/** The prompt with the origin of each part, its sizes, and what it lacks. */
export function PromptView({ prompt }: { readonly prompt: Prompt }) {
  const [chosen, setChosen] = useState<number>();
  const text = useRef<HTMLDivElement>(null);
  const names = useMemo(() => itemNames(prompt), [prompt]);
  const { spans, characters, estimatedTokens } = prompt;
  if (characters === 0) return <Empty {...promptTexts.empty} />;
  const origin = chosen === undefined ? undefined : spans[chosen];

  function show(section: string, itemId?: string): void {
    const at = spans.findIndex(
      (it) =>
        it.section === section && (itemId === undefined || it.itemId === itemId) && isAuthored(it),
    );
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
          <div className="prompt-text" ref={text}>
            {spans.map((span, at) => (
              <Stretch
                key={span.start}
                at={at}
                text={prompt.text.slice(span.start, span.end)}
                span={span}
                name={originName(names, span)}
                isChosen={at === chosen}
                onChoose={() => setChosen(at)}
              />
            ))}
          </div>
          {origin && <Origin span={origin} names={names} onClose={() => setChosen(undefined)} />}
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

interface StretchProps {
  readonly at: number;
  readonly span: Span;
  readonly text: string;
  readonly name: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Stretch({ at, span, text, name, isChosen, onChoose }: StretchProps) {
  if (!isAuthored(span)) return <span className="prompt-layout">{text}</span>;
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose();
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the lines of a button do not flow with the text
    <span
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      title={name}
      data-span={at}
      data-section={span.section}
      className="prompt-origin"
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      {text}
    </span>
  );
}

interface OriginProps {
  readonly span: Span;
  readonly names: ItemNames;
  readonly onClose: () => void;
}

/** What a stretch was read from. */
function Origin({ span, names, onClose }: OriginProps) {
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
      <CloseButton aria-label={promptTexts.close} onClick={onClose} />
    </section>
  );
}
