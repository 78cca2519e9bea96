import { ActionIcon } from '@mantine/core';
import { lazy } from 'react';
import { shell } from '../texts/shell.ts';
import { Icon } from '../ui/icons.tsx';
import { OnDemand } from '../ui/on-demand.tsx';
import type { AccountMenuProps } from './account-menu.tsx';

const AccountMenu = lazy(() =>
  import('./account-menu.tsx').then((it) => ({ default: it.AccountMenu })),
);

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
