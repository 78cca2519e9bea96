import { Navigate } from '@tanstack/react-router';
import { useViewer } from '../session/viewer.tsx';
import { shell } from '../texts/shell.ts';
import { Empty, Lines, Loaded } from '../ui/states.tsx';

/** The first screen: the agents of the caller's first org. */
export function Home() {
  const query = useViewer();
  return (
    <Loaded query={query} loading={<Lines />}>
      {({ data }) => {
        const [first] = data.viewer?.memberships ?? [];
        if (!first) return <Empty {...shell.noOrg} />;
        return <Navigate to="/orgs/$org/agents" params={{ org: first.orgId }} replace />;
      }}
    </Loaded>
  );
}
