import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { fieldNames } from '../../texts/fields.ts';
import { sectionNames } from '../../texts/names.ts';
import { planTexts } from '../../texts/plan.ts';
import { type Change, SectionChanges } from '../changes/change-list.tsx';
import { grouped } from '../changes/grouped.ts';
import { Icon } from '../icons.tsx';

/** What a new agent would consist of: its sections with their items, each with its content on demand. */
export function CreatedAgent({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <Stack gap={0} className="card" role="group" aria-label={planTexts.created}>
      {[...grouped(changes, ({ section }) => section)].map(([section, ofSection]) => (
        <Section key={section} section={section} changes={ofSection} />
      ))}
    </Stack>
  );
}

interface SectionProps {
  readonly section: Change['section'];
  readonly changes: readonly Change[];
}

function Section({ section, changes }: SectionProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="created-section"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <Icon name="chevronRight" size={14} />
        <Text component="span" size="sm" fw={600}>
          {sectionNames[section]}
        </Text>
        <Text component="span" size="sm" c="dimmed" className="created-items">
          {namesIn(changes).join(', ')}
        </Text>
      </summary>
      {isOpen && <SectionChanges changes={changes} />}
    </details>
  );
}

/** What the items of a section are called; of a section without items, its description or its fields. */
function namesIn(changes: readonly Change[]): readonly string[] {
  return [...grouped(changes, ({ itemId }) => itemId)].flatMap(([id, ofItem]) => {
    const named = textAt(ofItem, 'name') ?? id ?? textAt(ofItem, 'description');
    if (named !== undefined) return [named];
    return ofItem
      .filter(({ path }) => !path.startsWith('derivedFrom'))
      .map(({ path }) => fieldNames[path] ?? path);
  });
}

function textAt(changes: readonly Change[], field: string): string | undefined {
  const value = changes.find(({ path }) => path === field)?.after;
  return typeof value === 'string' ? value : undefined;
}
