import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a screen with a heading. */
export function Panel({ title, aside, children }: PanelProps) {
  return (
    <Paper component="section" aria-label={title} withBorder p="md" className="panel">
      <Group justify="space-between" mb="sm" wrap="nowrap" align="baseline">
        <Title order={2} size="h5">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Paper>
  );
}
