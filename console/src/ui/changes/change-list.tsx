import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { changesTexts } from '../../texts/changes.ts';
import { fieldNames } from '../../texts/fields.ts';
import { sectionNames } from '../../texts/names.ts';
import { Empty } from '../states.tsx';
import { grouped } from './grouped.ts';
import { TextDiff } from './text-diff.tsx';
import { valueText } from './value-text.ts';

/** A change of one field, as the API has it. */
export interface Change {
  readonly section: Exclude<keyof typeof sectionNames, 'CHANNELS'>;
  readonly itemId: string | null;
  readonly path: string;
  readonly kind: keyof typeof changesTexts.kinds;
  readonly before: unknown;
  readonly after: unknown;
}

/** Values of at most this length are shown side by side. */
const SHORT = 60;
const COLORS = { ADDED: 'green', REMOVED: 'red', CHANGED: 'blue', MOVED: 'gray' } as const;

/** What differs between two versions of an agent: by section, item and field. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return <Empty {...changesTexts.nothing} />;
  const sections = grouped(changes, ({ section }) => section);
  return (
    <Stack gap="lg">
      {[...sections].map(([section, ofSection]) => (
        <section key={section} aria-label={sectionNames[section]}>
          <Title order={3} size="h5" mb="xs">
            {sectionNames[section]}
          </Title>
          <SectionChanges changes={ofSection} />
        </section>
      ))}
    </Stack>
  );
}

/** What differs within one section: by item and field. */
export function SectionChanges({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <Stack gap="sm">
      {[...grouped(changes, ({ itemId }) => itemId)].map(([id, ofItem]) => (
        <Item key={id ?? ''} id={id} changes={ofItem} />
      ))}
    </Stack>
  );
}

interface ItemProps {
  readonly id: string | null;
  readonly changes: readonly Change[];
}

function Item({ id, changes }: ItemProps) {
  const place = id === null ? undefined : changes.find(({ path }) => path === '');
  const fields = changes.filter((it) => it !== place);
  return (
    <div className="card change">
      {id !== null && (
        <Group gap="xs" className="change-head">
          <Text component="span" fw={600} size="sm">
            {id}
          </Text>
          {place && <Kind kind={place.kind} />}
          {place?.kind === 'MOVED' && (
            <Text component="span" size="sm" c="dimmed">
              {typeof place.after === 'string'
                ? changesTexts.placedAfter(place.after)
                : changesTexts.placedFirst}
            </Text>
          )}
        </Group>
      )}
      {fields.map((change) => (
        <Field key={change.path} change={change} isOfItem={place !== undefined} />
      ))}
    </div>
  );
}

function Kind({ kind }: { readonly kind: Change['kind'] }) {
  return <Badge color={COLORS[kind]}>{changesTexts.kinds[kind]}</Badge>;
}

interface FieldProps {
  readonly change: Change;
  /** Whether the item itself was added, removed or moved, which says what happened to its fields. */
  readonly isOfItem: boolean;
}

function Field({ change, isOfItem }: FieldProps) {
  const { path, kind } = change;
  return (
    <div className="change-field">
      <Group gap="xs" mb={4}>
        <Text component="span" size="sm" c="dimmed">
          {path === '' ? changesTexts.list : (fieldNames[path] ?? path)}
        </Text>
        {!isOfItem && kind !== 'CHANGED' && <Kind kind={kind} />}
      </Group>
      <Values change={change} />
    </div>
  );
}

function Values({ change: { kind, before, after } }: { readonly change: Change }) {
  if (before === null && after === null) {
    return kind === 'CHANGED' ? <Text size="sm">{changesTexts.secret}</Text> : null;
  }
  const [old, now] = [valueText(before), valueText(after)];
  if (isLong(old) || isLong(now)) return <TextDiff before={old} after={now} />;
  return (
    <Group gap="xs" className="change-values">
      {before !== null && <del>{old}</del>}
      {before !== null && after !== null && <span aria-hidden="true">→</span>}
      {after !== null && <ins>{now}</ins>}
    </Group>
  );
}

function isLong(text: string): boolean {
  return text.length > SHORT || text.includes('\n');
}
