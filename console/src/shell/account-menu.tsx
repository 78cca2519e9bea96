import {
  ActionIcon,
  type MantineColorScheme,
  Menu,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { leave } from '../session/renewal.ts';
import type { Membership, Viewer } from '../session/viewer.tsx';
import { roles } from '../texts/names.ts';
import { shell } from '../texts/shell.ts';
import { Icon } from '../ui/icons.tsx';
import { useOpened } from '../ui/on-demand.tsx';

export interface AccountMenuProps {
  readonly viewer: Viewer;
  readonly membership: Membership | undefined;
}

/** Loaded when its button is used. */
export function AccountMenu({ viewer, membership }: AccountMenuProps) {
  const [isOpen, setOpen] = useOpened();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={240} opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={shell.account} autoFocus>
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text component="div" size="sm" fw={600} c="var(--mantine-color-text)">
            {viewer.name ?? viewer.id}
          </Text>
          {membership && roles[membership.role]}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{shell.scheme}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        >
          {(['light', 'dark', 'auto'] as const).map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick={false}>
              {shell.schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => void leave()}>
          {shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
