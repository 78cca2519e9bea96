import type { Change as DomainChange } from '../domain/changes.ts';
import { changeText, type Marks, printable } from '../terminal/change-text.ts';
import { problemText } from './agent-file.ts';
import type { Compared } from './compare.ts';
import { agoText, driftText } from './drift.ts';
import type { Change, Conflict, Finding, Plan } from './plan.ts';
import { type Edit, IDLE, type Step } from './push.ts';

/** What a push would do with an agent, for people. Empty if it has nothing to do and nothing to say. */
export function stepText(agent: Compared, step: Step, marks: Marks, now = new Date()): string {
  const { id, drift } = agent;
  const since = step.kind === 'none' ? [] : driftText(drift, now).map((line) => `  ${line}`);
  const lines = [...bodyOf(agent, step, marks, now), ...since];
  return lines.length === 0 ? '' : `${marks.heading(id)}: ${lines.join('\n')}\n`;
}

function bodyOf(agent: Compared, step: Step, marks: Marks, now: Date): string[] {
  switch (step.kind) {
    case 'none':
      return step.why === 'unchanged' ? [] : [IDLE[step.why]];
    case 'conflict':
      return [
        `${marks.heading('conflict')}, ${step.why}`,
        ...step.conflicts.flatMap((it) => conflictLines(it, marks, now)),
      ];
    case 'blocked':
      return ['cannot be pushed', ...step.problems.map((it) => `  ${printable(problemText(it))}`)];
    case 'create':
      return [
        marks.heading('a new agent'),
        `  ${printable(agent.file?.document.agent.name ?? '')}`,
        ...newReadinessLines(step.plan),
      ];
    case 'remove':
      return [
        marks.heading('the agent is removed, with its people, its conversations and its secrets'),
      ];
    case 'edit':
      return editLines(step, marks);
  }
}

function editLines({ plan }: Edit, marks: Marks): string[] {
  const { changes } = plan;
  const removals = changes.filter(({ kind, path }) => kind === 'removed' && path === '');
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  const removed = removals.map(({ section, itemId }) =>
    printable(`${section} ${itemId ?? ''}`.trim()),
  );
  return [
    `${count} to version ${plan.baseVersion}`,
    ...changes.flatMap((it) => indented(changeText(it as DomainChange, marks))),
    ...(removed.length > 0 ? [`  ${marks.heading('removes')} ${removed.join(', ')}`] : []),
    ...readinessLines(plan),
  ];
}

function conflictLines(conflict: Conflict, marks: Marks, now: Date): string[] {
  const { section, itemId, path, base, theirs, yours, theirActor, theirAt, theirVersion } =
    conflict;
  const place = [section, itemId, path].filter((part) => part).join(' ');
  const who = theirActor
    ? ` by ${theirActor.name ?? theirActor.id}${theirAt ? `, ${agoText(theirAt, now)}` : ''} (version ${theirVersion})`
    : '';
  const side = (after: unknown): Change => {
    const values = {
      ...(base !== undefined && { before: base }),
      ...(after !== undefined && { after }),
    };
    return { section, path, kind: 'changed', ...values };
  };
  const words = (after: unknown) => wordLines(side(after), marks);
  return [
    `  ${marks.heading(printable(place))}`,
    `    theirs${printable(who)}:`,
    ...words(theirs),
    '    yours:',
    ...words(yours),
  ];
}

/** The words that differ, without their heading. */
function wordLines(change: Change, marks: Marks): string[] {
  const [, ...words] = changeText(change as DomainChange, marks).split('\n');
  if (words.length === 0) return ['      (unchanged)'];
  return words.map((line) => `    ${line}`.trimEnd());
}

function readinessLines({ readiness: { before, after } }: Plan): string[] {
  const [old, now] = [errorsIn(before), errorsIn(after)];
  const known = new Set(before.map(keyOf));
  const added = after.filter((finding) => !known.has(keyOf(finding)));
  return [
    `  readiness: ${readinessText(old.length)} before, ${readinessText(now.length)} after`,
    ...added.map(({ severity, message }) => `    new ${severity}: ${printable(message)}`),
  ];
}

/** Of an agent that does not exist yet. */
function newReadinessLines({ readiness: { after } }: Plan): string[] {
  return [
    `  readiness: ${readinessText(errorsIn(after).length)}`,
    ...after.map(({ severity, message }) => `    ${severity}: ${printable(message)}`),
  ];
}

function errorsIn(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

function keyOf({ code, field }: Finding): string {
  return `${code} ${field}`;
}

function readinessText(errors: number): string {
  if (errors === 0) return 'ready';
  return errors === 1 ? '1 error' : `${errors} errors`;
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`.trimEnd());
}
