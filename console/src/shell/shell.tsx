import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure, useWindowEvent } from '@mantine/hooks';
import { Outlet, useParams, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { OrgProvider, useOrg, useViewer } from '../session/viewer.tsx';
import { common } from '../texts/common.ts';
import { shell } from '../texts/shell.ts';
import { CONTENT_ID, focusScreen } from '../ui/focus.ts';
import { Icon } from '../ui/icons.tsx';
import { SectionLink } from '../ui/links.tsx';
import { Empty, Lines, Loaded, NotFound } from '../ui/states.tsx';
import { AccountButton } from './account-button.tsx';
import { ORG_SECTIONS } from './navigation.ts';
import { OrgSwitcher } from './org-switcher.tsx';

const HEADER_HEIGHT = 56;
const MENU_WIDTH = 216;

/** What surrounds every screen of an org: the header, the menu, and who is signed in. */
export function Shell() {
  const { org } = useParams({ from: '/orgs/$org' });
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useWindowEvent('keydown', ({ key }) => key === 'Escape' && close());
  useFocusOfScreens();
  const query = useViewer();
  const viewer = query.data?.data.viewer;
  const membership = viewer?.memberships.find(({ orgId }) => orgId === org);
  return (
    <AppShell
      header={{ height: HEADER_HEIGHT }}
      navbar={{ width: MENU_WIDTH, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
      transitionDuration={0}
      className="shell"
    >
      <a className="skip" href={`#${CONTENT_ID}`}>
        {shell.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={shell.menu}
              aria-expanded={isOpen}
            />
            <Text component="span" className="brand" visibleFrom="sm" title={common.product}>
              <Icon name="agents" size={26} />
            </Text>
            {viewer && membership && (
              <OrgSwitcher memberships={viewer.memberships} current={membership} />
            )}
          </Group>
          {viewer && <AccountButton viewer={viewer} membership={membership} />}
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={shell.sections} {...(!isOpen && { className: 'closed' })}>
        {membership && (
          <OrgProvider membership={membership}>
            <OrgSections onChoose={close} />
          </OrgProvider>
        )}
      </AppShell.Navbar>
      <AppShell.Main id={CONTENT_ID} tabIndex={-1}>
        <div className="content">
          <Loaded query={query} loading={<Lines count={8} height={24} />}>
            {({ data }) => {
              if (membership) {
                return (
                  <OrgProvider membership={membership}>
                    <Outlet />
                  </OrgProvider>
                );
              }
              return data.viewer?.memberships.length ? <NotFound /> : <Empty {...shell.noOrg} />;
            }}
          </Loaded>
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

/** A link that leads to another screen is often removed with its own: the focus moves to that. */
function useFocusOfScreens(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        const isLost = document.activeElement === document.body;
        if (fromLocation && pathChanged && isLost) focusScreen();
      }),
    [router],
  );
}

function OrgSections({ onChoose }: { readonly onChoose: () => void }) {
  const { id, can } = useOrg();
  return ORG_SECTIONS.filter(({ right }) => can(right)).map(({ label, to, icon }) => (
    <SectionLink
      key={to}
      to={to}
      params={{ org: id }}
      label={label}
      leftSection={<Icon name={icon} />}
      className="section"
      activeProps={{ active: true }}
      onClick={onChoose}
    />
  ));
}
