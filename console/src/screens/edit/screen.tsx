import { useParams } from '@tanstack/react-router';
import { queries, reading, useRead } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import type { Answer } from '../../graphql/send.ts';
import { useOrg } from '../../session/viewer.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Denied, Lines, Loaded } from '../../ui/states.tsx';
import type { EditedAgent } from './definition.ts';
import { Editor } from './editor.tsx';
import { EDITOR } from './queries.ts';

/** Edits the name, the description and every section of an agent. */
export function EditScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: '/orgs/$org/agents/$agent/edit' });
  const variables = { org: org.id, agent };
  const query = useRead(EDITOR, variables);
  // The form shows what was saved at once, not only when it is read again.
  const show = (saved: EditedAgent) =>
    queries.setQueryData(
      reading(EDITOR, variables).queryKey,
      (answer: Answer<ResultOf<typeof EDITOR>> | undefined) => answer && withSaved(answer, saved),
    );
  if (!org.can('importAgentDocument')) return <Denied />;
  return (
    <Loaded query={query} loading={<Lines count={12} height={28} />}>
      {(answer) => {
        const found = answer.data.org?.agent;
        if (!found) return <FieldFailure answer={answer} field="org" />;
        return <Editor key={agent} agent={found} onSaved={show} />;
      }}
    </Loaded>
  );
}

function withSaved(
  answer: Answer<ResultOf<typeof EDITOR>>,
  saved: EditedAgent,
): Answer<ResultOf<typeof EDITOR>> {
  const { org } = answer.data;
  if (!org?.agent) return answer;
  const agent = { ...org.agent, ...saved };
  return { ...answer, data: { org: { ...org, agent } } };
}
