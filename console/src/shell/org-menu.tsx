import { Button, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type Membership, orgNameOf } from '../session/viewer.tsx';
import { shell } from '../texts/shell.ts';
import { Icon } from '../ui/icons.tsx';
import { useOpened } from '../ui/on-demand.tsx';

export interface OrgMenuProps {
  readonly memberships: readonly Membership[];
  readonly current: Membership;
}

/** Loaded when its button is used. */
export function OrgMenu({ memberships, current }: OrgMenuProps) {
  const [isOpen, setOpen] = useOpened();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-start" opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<Icon name="chevronDown" size={14} />}
          autoFocus
          aria-label={`${shell.switchOrg}: ${orgNameOf(current)}`}
        >
          {orgNameOf(current)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {memberships.map((it) => (
          <Menu.Item
            key={it.orgId}
            onClick={() => void navigate({ to: '/orgs/$org/agents', params: { org: it.orgId } })}
          >
            {orgNameOf(it)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
