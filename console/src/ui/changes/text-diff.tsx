import { VisuallyHidden } from '@mantine/core';
import { diffWordsWithSpace } from 'diff';
import type { ReactNode } from 'react';
import { changesTexts } from '../../texts/changes.ts';
import { type LineRun, lineRuns } from './line-runs.ts';

/** Unchanged lines that are shown around a changed one. */
const CONTEXT = 3;
/** Words are compared within lines up to this length: longer ones would take too long. */
const MAX_WORDS_LENGTH = 5_000;

/** What differs between two texts, line by line, and within a line by words. */
export function TextDiff({ before, after }: { readonly before: string; readonly after: string }) {
  return <Runs runs={lineRuns(before, after)} collapse />;
}

interface RunsProps {
  readonly runs: readonly LineRun[];
  /** Shows only the unchanged lines that are close to a changed one. */
  readonly collapse?: boolean;
}

export function Runs({ runs, collapse = false }: RunsProps) {
  return (
    <div className="diff">
      {runs.map((run, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity
        <Run key={at} run={run} runs={runs} at={at} collapse={collapse} />
      ))}
    </div>
  );
}

interface RunProps extends Required<RunsProps> {
  readonly run: LineRun;
  readonly at: number;
}

function Run({ run, runs, at, collapse }: RunProps) {
  if (run.kind === 'SAME') {
    return collapse ? (
      <SameLines lines={run.lines} isFirst={at === 0} isLast={at === runs.length - 1} />
    ) : (
      <Lines kind="SAME" lines={run.lines} />
    );
  }
  const partner = runs[run.kind === 'REMOVED' ? at + 1 : at - 1];
  const isPair = partner?.kind === (run.kind === 'REMOVED' ? 'ADDED' : 'REMOVED');
  const others = isPair && partner.lines.length === run.lines.length ? partner.lines : undefined;
  return <Lines kind={run.kind} lines={run.lines} others={others} />;
}

interface SameLinesProps {
  readonly lines: readonly string[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function SameLines({ lines, isFirst, isLast }: SameLinesProps) {
  const head = isFirst ? 0 : CONTEXT;
  const tail = isLast ? 0 : CONTEXT;
  const hidden = lines.length - head - tail;
  if (hidden <= 1) return <Lines kind="SAME" lines={lines} />;
  return (
    <>
      <Lines kind="SAME" lines={lines.slice(0, head)} />
      <div className="diff-gap">{changesTexts.unchangedLines(hidden)}</div>
      <Lines kind="SAME" lines={lines.slice(lines.length - tail)} />
    </>
  );
}

const ELEMENTS = { SAME: 'div', ADDED: 'ins', REMOVED: 'del' } as const;
const MARKS = { SAME: ' ', ADDED: '+', REMOVED: '−' } as const;
const LABELS = {
  SAME: undefined,
  ADDED: changesTexts.added,
  REMOVED: changesTexts.removed,
} as const;

interface LinesProps extends LineRun {
  /** The lines on the other side, one for each. */
  readonly others?: readonly string[] | undefined;
}

function Lines({ kind, lines, others }: LinesProps) {
  const Line = ELEMENTS[kind];
  const label = LABELS[kind];
  return lines.map((line, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
    <Line key={at} className="diff-line" data-kind={kind}>
      <span className="diff-mark" aria-hidden="true">
        {MARKS[kind]}
      </span>
      <span>
        {label && <VisuallyHidden>{label}: </VisuallyHidden>}
        {wordsOf(kind, line, others?.[at])}
      </span>
    </Line>
  ));
}

/** A line with the words marked that the other side does not have. */
function wordsOf(kind: LineRun['kind'], line: string, other: string | undefined): ReactNode {
  if (other === undefined || kind === 'SAME') return line;
  if (line.length + other.length > MAX_WORDS_LENGTH) return line;
  const parts =
    kind === 'ADDED' ? diffWordsWithSpace(other, line) : diffWordsWithSpace(line, other);
  return parts.map(({ value, added, removed }, at) => {
    if (kind === 'ADDED' ? removed : added) return null;
    // biome-ignore lint/suspicious/noArrayIndexKey: words have no identity
    return added || removed ? <mark key={at}>{value}</mark> : value;
  });
}
