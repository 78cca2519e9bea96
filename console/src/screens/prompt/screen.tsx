import { Stack } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Lines, Loaded } from '../../ui/states.tsx';
import { Conversation } from './conversation.tsx';
import { EditLink } from './edit-link.tsx';
import { PROMPT } from './queries.ts';
import { PromptView } from './view.tsx';

const FROM = '/orgs/$org/agents/$agent/prompt';

/** What the model will see in a conversation that the operator chooses. */
export function PromptScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const { playbook = null, person = null, channel = null } = search;
  const query = useRead(
    PROMPT,
    { org: org.id, agent, playbook, person, channel },
    { keepPrevious: true },
  );
  return (
    <Stack gap="md">
      <Conversation
        agent={agent}
        conversation={search}
        onChange={(parts) =>
          void navigate({ search: (it) => ({ ...it, ...parts }), replace: true })
        }
      />
      <Loaded query={query} loading={<Lines count={16} height={20} />}>
        {(answer) => {
          const { prompt, skills = [] } = answer.data.org?.agent ?? {};
          if (prompt) {
            return (
              <PromptView
                prompt={prompt}
                edit={(span) => <EditLink agent={agent} span={span} skills={skills} />}
              />
            );
          }
          return <FieldFailure answer={answer} field="org" />;
        }}
      </Loaded>
    </Stack>
  );
}
