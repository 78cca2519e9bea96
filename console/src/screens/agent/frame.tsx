import { Group, Skeleton, Stack, Title } from '@mantine/core';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { AGENT_SECTIONS } from '../../shell/navigation.ts';
import { common } from '../../texts/common.ts';
import { shell } from '../../texts/shell.ts';
import { Icon } from '../../ui/icons.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { useTabTitle } from '../../ui/page.tsx';
import { ReadinessBadge } from '../../ui/readiness-badge.tsx';
import { Failed, Lines, Loaded } from '../../ui/states.tsx';
import { AGENT_FRAME } from './queries.ts';

/** What surrounds every screen of an agent: its name, its readiness, and the tabs. */
export function AgentFrame() {
  const org = useOrg();
  const { agent: id } = useParams({ from: '/orgs/$org/agents/$agent' });
  const query = useRead(AGENT_FRAME, { org: org.id, agent: id });
  return (
    <Stack gap="md">
      <Loaded query={query} loading={<Outline />}>
        {(answer) => {
          const [failure] = answer.failures;
          const agent = answer.data.org?.agent;
          if (!agent) return <Failed error={failure ?? new Error(common.notFound.body)} />;
          return (
            <>
              <Heading name={agent.name} findings={agent.readiness} />
              <Sections agent={id} />
              <Outlet />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

interface HeadingProps {
  readonly name: string;
  readonly findings: Parameters<typeof ReadinessBadge>[0]['findings'];
}

function Heading({ name, findings }: HeadingProps) {
  const org = useOrg();
  useTabTitle(name);
  return (
    <div>
      <Group gap={4} c="dimmed" fz="sm">
        <AnchorLink to="/orgs/$org/agents" params={{ org: org.id }} size="sm">
          {shell.agents}
        </AnchorLink>
        <Icon name="chevronRight" size={14} />
      </Group>
      <Group gap="sm">
        <Title order={1} size="h2">
          {name}
        </Title>
        <ReadinessBadge findings={findings} />
      </Group>
    </div>
  );
}

/** Of the open tab, in pixels: one sees that there are others before it. */
const MARGIN = 48;

function Sections({ agent }: { readonly agent: string }) {
  const org = useOrg();
  const tabs = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // On a narrow screen the tabs scroll: the open one is among those that are seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is open at another path
  useEffect(() => {
    const it = tabs.current;
    if (!it) return;
    const reveal = () => {
      const open = it.querySelector<HTMLElement>('[aria-current="page"]');
      if (open) it.scrollLeft = open.offsetLeft - it.offsetLeft - MARGIN;
    };
    reveal();
    const resized = new ResizeObserver(reveal);
    resized.observe(it);
    return () => resized.disconnect();
  }, [path]);
  return (
    <nav ref={tabs} aria-label={shell.agentSections} className="tabs">
      {AGENT_SECTIONS.filter(({ right }) => org.can(right)).map(({ label, to }) => (
        <Link
          key={to}
          to={to}
          params={{ org: org.id, agent }}
          className="tab"
          // The link marks itself, also while a screen within its own is open.
          activeOptions={{ exact: to === AGENT_SECTIONS[0].to, includeSearch: false }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

function Outline() {
  return (
    <Stack gap="md">
      <Skeleton height={58} maw={320} />
      <Skeleton height={36} />
      <Lines />
    </Stack>
  );
}
