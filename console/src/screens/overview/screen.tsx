import { List, Paper, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import { failureOf } from '../../graphql/send.ts';
import { useOrg } from '../../session/viewer.tsx';
import { overviewTexts } from '../../texts/overview.ts';
import { Failed, Lines, Loaded } from '../../ui/states.tsx';
import { OVERVIEW } from './queries.ts';

/** The state of an agent at a glance. */
export function OverviewScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: '/orgs/$org/agents/$agent' });
  const query = useRead(OVERVIEW, { org: org.id, agent });
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4" mb="sm">
        {overviewTexts.readiness}
      </Title>
      <Loaded query={query} loading={<Lines count={4} />}>
        {(answer) => {
          const findings = answer.data.org?.agent?.readiness;
          if (!findings) {
            const failure = failureOf(answer, 'org.agent');
            return failure && <Failed error={failure} />;
          }
          if (findings.length === 0) return <Text>{overviewTexts.ready}</Text>;
          return (
            <List>
              {findings.map(({ code, field, message }) => (
                <List.Item key={`${code} ${field}`}>{message}</List.Item>
              ))}
            </List>
          );
        }}
      </Loaded>
    </Paper>
  );
}
