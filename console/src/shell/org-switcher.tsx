import { Button, Menu, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Membership } from '../session/viewer.tsx';
import { shell } from '../texts/shell.ts';
import { Icon } from '../ui/icons.tsx';

interface OrgSwitcherProps {
  readonly memberships: readonly Membership[];
  readonly current: Membership;
}

export function OrgSwitcher({ memberships, current }: OrgSwitcherProps) {
  const navigate = useNavigate();
  if (memberships.length < 2) {
    return (
      <Text fw={600} truncate>
        {nameOf(current)}
      </Text>
    );
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<Icon name="chevronDown" size={14} />}
          aria-label={`${shell.switchOrg}: ${nameOf(current)}`}
        >
          {nameOf(current)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {memberships.map((it) => (
          <Menu.Item
            key={it.orgId}
            onClick={() => void navigate({ to: '/orgs/$org/agents', params: { org: it.orgId } })}
          >
            {nameOf(it)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function nameOf({ org, orgId }: Membership): string {
  return org?.name ?? orgId;
}
