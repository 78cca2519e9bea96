import { Group, Paper, Radio, Text } from '@mantine/core';
import type { ResultOf } from '../../graphql/graphql.ts';
import { editTexts } from '../../texts/edit.ts';
import { fieldNames } from '../../texts/fields.ts';
import { sectionNames } from '../../texts/names.ts';
import { authorOf } from '../../ui/author.ts';
import { TextDiff } from '../../ui/changes/text-diff.tsx';
import { valueText } from '../../ui/changes/value-text.ts';
import { Time } from '../../ui/time.tsx';
import type { Section } from './definition.ts';
import type { Side } from './merge.ts';
import type { CONFLICTS } from './queries.ts';

const texts = editTexts.merge;

type Org = NonNullable<ResultOf<typeof CONFLICTS>['org']>;
type Shown = NonNullable<Org['planImport']>['conflicts'][number];
export type Conflict = Shown & { readonly section: Section };

interface ConflictViewProps {
  readonly conflict: Conflict;
  readonly choice: Side | undefined;
  readonly onChoose: (side: Side) => void;
}

/** A field that both sides changed: the value before, and what each side made of it. */
export function ConflictView({ conflict, choice, onChoose }: ConflictViewProps) {
  const { section, itemId, path, theirActor, theirAt, valuesOmitted } = conflict;
  const name = [
    sectionNames[section],
    itemId,
    path === '' ? itemId && texts.place : (fieldNames[path] ?? path),
  ]
    .filter((it) => it !== null && it !== '')
    .join(' · ');
  return (
    <Paper component="section" aria-label={name} withBorder p="sm">
      <Group justify="space-between" mb="xs" gap="xs">
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {texts.by(theirActor ? authorOf(theirActor) : texts.somebody)}
          {theirAt && (
            <>
              , <Time at={theirAt} />
            </>
          )}
        </Text>
      </Group>
      {valuesOmitted ? <Text size="sm">{texts.omitted}</Text> : <Sides conflict={conflict} />}
      <Radio.Group
        mt="sm"
        aria-label={texts.choice(name)}
        value={choice ?? null}
        onChange={(side) => onChoose(side === 'theirs' ? 'theirs' : 'yours')}
      >
        <Group gap="lg">
          <Radio value="theirs" label={texts.keepTheirs} />
          <Radio value="yours" label={texts.keepYours} />
        </Group>
      </Radio.Group>
    </Paper>
  );
}

function Sides({ conflict: { base, theirs, yours } }: { readonly conflict: Conflict }) {
  return (
    <div className="edit-sides">
      <div>
        <Text size="sm" c="dimmed">
          {texts.base}
        </Text>
        <Value value={base} />
      </div>
      {(
        [
          [texts.theirs, theirs],
          [texts.yours, yours],
        ] as const
      ).map(([label, value]) => (
        <div key={label}>
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          {value === null ? (
            <Value value={value} />
          ) : (
            <TextDiff before={valueText(base)} after={valueText(value)} />
          )}
        </div>
      ))}
    </div>
  );
}

function Value({ value }: { readonly value: unknown }) {
  if (value === null) {
    return (
      <Text size="sm" fs="italic">
        {texts.removed}
      </Text>
    );
  }
  return <div className="edit-value">{valueText(value)}</div>;
}
