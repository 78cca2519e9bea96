import { Badge, Group } from '@mantine/core';
import { sectionNames } from '../../texts/names.ts';
import type { HistorySection } from './search.ts';

/** The parts of an agent that a version changed. */
export function Sections({ sections }: { readonly sections: readonly HistorySection[] }) {
  return (
    <Group gap={4} mt={2}>
      {sections.map((section) => (
        <Badge key={section} color="gray">
          {sectionNames[section]}
        </Badge>
      ))}
    </Group>
  );
}
