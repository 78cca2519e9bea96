import type { AriaAttributes, KeyboardEvent, Ref } from 'react';
import { type ItemNames, isAuthored, originName, type Prompt, type Span } from './origins.ts';

interface PromptTextProps {
  readonly prompt: Prompt;
  readonly names: ItemNames;
  readonly ref?: Ref<HTMLDivElement>;
  /** How a stretch is marked: as pressed, or as current. */
  readonly mark: (span: Span, at: number) => AriaAttributes;
  readonly onChoose: (span: Span, at: number) => void;
}

/** The text, in which each stretch has the colour of its section and can be chosen. */
export function PromptText({ prompt, names, ref, mark, onChoose }: PromptTextProps) {
  return (
    <div className="prompt-text" ref={ref}>
      {prompt.spans.map((span, at) => (
        <Stretch
          key={span.start}
          at={at}
          text={prompt.text.slice(span.start, span.end)}
          span={span}
          name={originName(names, span)}
          mark={mark(span, at)}
          onChoose={() => onChoose(span, at)}
        />
      ))}
    </div>
  );
}

interface StretchProps {
  readonly at: number;
  readonly span: Span;
  readonly text: string;
  readonly name: string;
  readonly mark: AriaAttributes;
  readonly onChoose: () => void;
}

function Stretch({ at, span, text, name, mark, onChoose }: StretchProps) {
  if (!isAuthored(span)) return <span className="prompt-layout">{text}</span>;
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose();
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the lines of a button do not flow with the text
    <span
      {...mark}
      role="button"
      tabIndex={0}
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
