import { Alert, Badge, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRead } from '../../graphql/client.ts';
import { failureOf } from '../../graphql/send.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { historyTexts } from '../../texts/history.ts';
import { promptSections } from '../../texts/names.ts';
import { Runs } from '../../ui/changes/text-diff.tsx';
import { Empty, Failed, Lines, Loaded } from '../../ui/states.tsx';
import { PROMPT_CHANGES } from './queries.ts';

const FROM = '/orgs/$org/agents/$agent/history/$version';
const texts = historyTexts.prompt;

/** What differs between the prompts of two versions: sizes and lines. */
export function PromptDiff() {
  const org = useOrg();
  const { agent, version } = useParams({ from: FROM });
  const { against, playbook } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const query = useRead(PROMPT_CHANGES, {
    org: org.id,
    agent,
    version: Number(version),
    against: against ?? null,
    playbook: playbook ?? null,
  });
  return (
    <Stack gap="md">
      <NativeSelect
        label={texts.playbook}
        maw="20rem"
        data={[
          { value: '', label: texts.defaultPlaybook },
          ...(query.data?.data.org?.agent?.playbooks ?? []).map(({ id, name }) => ({
            value: id,
            label: name,
          })),
        ]}
        value={playbook ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: (it) => ({ ...it, playbook: value || undefined }) })
        }
      />
      <Loaded query={query} loading={<Lines count={10} />}>
        {(answer) => {
          const changes = answer.data.org?.agent?.atVersion?.promptChanges;
          if (!changes) {
            const failure = failureOf(answer, 'org.agent');
            return <Failed error={failure ?? new Error(common.notFound.body)} />;
          }
          if (changes.hunks.length === 0) return <Empty {...texts.same} />;
          return (
            <Stack gap="md">
              <Group gap="xs">
                <Size label={texts.total} added={changes.addedTokens} />
                {changes.sections.map(({ section, addedTokens }) => (
                  <Size key={section} label={promptSections[section]} added={addedTokens} />
                ))}
              </Group>
              {!changes.isComplete && <Alert color="yellow">{texts.incomplete}</Alert>}
              {changes.hunks.map(({ beforeStart, afterStart, runs }) => (
                <div key={`${beforeStart} ${afterStart}`} className="card">
                  <Text size="sm" c="dimmed" px="sm" py={4}>
                    {texts.line(afterStart)}
                  </Text>
                  <Runs runs={runs} />
                </div>
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Size({ label, added }: { readonly label: string; readonly added: number }) {
  return (
    <Badge color={added > 0 ? 'yellow' : 'green'} size="lg">
      {label}: {texts.tokens(added)}
    </Badge>
  );
}
