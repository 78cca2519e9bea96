import { Button, Text } from '@mantine/core';
import { lazy } from 'react';
import { orgNameOf } from '../session/viewer.tsx';
import { shell } from '../texts/shell.ts';
import { Icon } from '../ui/icons.tsx';
import { withMoreStyles } from '../ui/more-styles.ts';
import { OnDemand } from '../ui/on-demand.tsx';
import type { OrgMenuProps } from './org-menu.tsx';

const OrgMenu = lazy(async () => {
  const { OrgMenu } = await withMoreStyles(import('./org-menu.tsx'));
  return { default: OrgMenu };
});

export function OrgSwitcher({ memberships, current }: OrgMenuProps) {
  const name = orgNameOf(current);
  if (memberships.length < 2) {
    return (
      <Text fw={600} truncate>
        {name}
      </Text>
    );
  }
  return (
    <OnDemand
      button={(want) => (
        <Button
          variant="subtle"
          color="gray"
          rightSection={<Icon name="chevronDown" size={14} />}
          aria-label={`${shell.switchOrg}: ${name}`}
          aria-haspopup="menu"
          onClick={want}
        >
          {name}
        </Button>
      )}
    >
      <OrgMenu memberships={memberships} current={current} />
    </OnDemand>
  );
}
