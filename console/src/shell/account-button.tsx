import { ActionIcon } from '@mantine/core';
import { lazy } from 'react';
import { shell } from '../texts/shell.ts';
import { Icon } from '../ui/icons.tsx';
import { withMoreStyles } from '../ui/more-styles.ts';
import { OnDemand } from '../ui/on-demand.tsx';
import type { AccountMenuProps } from './account-menu.tsx';

const AccountMenu = lazy(async () => {
  const { AccountMenu } = await withMoreStyles(import('./account-menu.tsx'));
  return { default: AccountMenu };
});

/** Opens the menu of the account. */
export function AccountButton(props: AccountMenuProps) {
  return (
    <OnDemand
      button={(want) => (
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={shell.account}
          aria-haspopup="menu"
          onClick={want}
        >
          <Icon name="user" />
        </ActionIcon>
      )}
    >
      <AccountMenu {...props} />
    </OnDemand>
  );
}
