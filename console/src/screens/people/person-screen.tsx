import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { queries, useRead, useWrite } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import type { Answer } from '../../graphql/send.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { personTexts } from '../../texts/people.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { channelNameOf } from '../../ui/channel-name.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { useTabTitle } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { personNameOf } from '../../ui/person-name.ts';
import { Lines, Loaded } from '../../ui/states.tsx';
import { PersonBadge } from '../../ui/status-badge.tsx';
import { Time } from '../../ui/time.tsx';
import { ChannelLabel } from '../conversations/channel-label.tsx';
import { Appointments } from './appointments.tsx';
import { Journal } from './journal.tsx';
import { PersonFields } from './person-fields.tsx';
import { DELETE_PERSON, PERSON, UPDATE_PERSON } from './queries.ts';
import { changesOf, draftOf, TEXT_FIELDS } from './record.ts';

type Data = ResultOf<typeof PERSON>;
type Org = NonNullable<Data['org']>;
export type Person = NonNullable<NonNullable<Org['activity']>['person']>;

/** What names the person in every change. */
export interface PersonRef {
  readonly org: string;
  readonly agent: string;
  readonly person: string;
}

/** All that is known of a person, and who says so. */
export function PersonScreen() {
  const org = useOrg();
  const { agent, person: id } = useParams({ from: '/orgs/$org/agents/$agent/people/$person' });
  const of = { org: org.id, agent, person: id };
  const query = useRead(PERSON, of);
  return (
    <Loaded query={query} loading={<Lines count={8} height={40} />}>
      {(answer) => {
        const person = answer.data.org?.activity?.person;
        if (!person) return <FieldFailure answer={answer} field="org" />;
        return (
          <Stack gap="md">
            <Heading of={of} person={person} />
            <div className="overview">
              <Record person={person} />
              <Journal of={of} journal={person.journal} />
              <Appointments of={of} appointments={person.appointments?.nodes} />
              <Conversations of={of} answer={answer} />
            </div>
          </Stack>
        );
      }}
    </Loaded>
  );
}

interface HeadingProps {
  readonly of: PersonRef;
  readonly person: Person;
}

function Heading({ of, person }: HeadingProps) {
  const org = useOrg();
  const navigate = useNavigate();
  const name = personNameOf(person);
  useTabTitle(name);
  const list = {
    to: '/orgs/$org/agents/$agent/people',
    params: { org: of.org, agent: of.agent },
  } as const;
  const remove = useWrite(DELETE_PERSON, () => void navigate(list));
  return (
    <div>
      <AnchorLink {...list} size="sm">
        {personTexts.back}
      </AnchorLink>
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h3">
            {name}
          </Title>
          <PersonBadge status={person.status} />
        </Group>
        <Group gap="xs">
          {org.can('updatePerson') && <EditRecord of={of} person={person} />}
          {org.can('deletePerson') && (
            <ConfirmButton
              label={personTexts.delete}
              about={name}
              question={personTexts.deleteQuestion(name)}
              consequence={personTexts.deleteConsequence}
              write={remove}
              onConfirm={() => remove.mutate(of)}
            />
          )}
        </Group>
      </Group>
    </div>
  );
}

function EditRecord({ of, person }: HeadingProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  // What one edits is the record as it was when one began: a change meanwhile is a conflict.
  const [before, setBefore] = useState(person);
  const [draft, setDraft] = useState(() => draftOf(person));
  const write = useWrite(UPDATE_PERSON, close);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => {
          write.reset();
          setBefore(person);
          setDraft(draftOf(person));
          open();
        }}
      >
        {personTexts.edit}
      </Button>
      <FormDialog
        title={personTexts.editTitle}
        submit={common.save}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() =>
          write.mutate(
            {
              ...of,
              input: changesOf(draftOf(before), draft),
              expectedVersion: before.version,
            },
            // Another has changed it: behind the dialog, the record is shown as it is now.
            { onError: () => void queries.invalidateQueries() },
          )
        }
        onClose={close}
      >
        <PersonFields draft={draft} onChange={setDraft} />
      </FormDialog>
    </>
  );
}

function Record({ person }: { readonly person: Person }) {
  const facts = TEXT_FIELDS.map((it) => [personTexts.fields[it], person[it]] as const);
  const custom = Object.entries(person.customFields ?? {});
  return (
    <Panel title={personTexts.record}>
      <dl className="facts">
        {[...facts, ...custom].map(([label, value]) =>
          value === null ? null : (
            <div key={label} className="fact">
              <dt>{label}</dt>
              <dd>
                <Breakable text={String(value)} />
              </dd>
            </div>
          ),
        )}
        {person.channels.length > 0 && (
          <div className="fact">
            <dt>{personTexts.channels}</dt>
            <dd>
              {person.channels.map(({ channel, userId }) => (
                <div key={`${channel} ${userId}`}>
                  {channelNameOf(channel)} · {userId}
                </div>
              ))}
            </dd>
          </div>
        )}
        <div className="fact">
          <dt>{personTexts.created}</dt>
          <dd>
            <Time at={person.createdAt} exact />
          </dd>
        </div>
        <div className="fact">
          <dt>{personTexts.changed}</dt>
          <dd>
            <Time at={person.updatedAt} exact />
          </dd>
        </div>
      </dl>
      {person.notes && (
        <Text size="sm" mt="sm" className="secret">
          {person.notes}
        </Text>
      )}
    </Panel>
  );
}

interface ConversationsProps {
  readonly of: PersonRef;
  readonly answer: Answer<Data>;
}

function Conversations({ of, answer }: ConversationsProps) {
  const connection = answer.data.org?.activity?.person?.conversations;
  const params = { org: of.org, agent: of.agent };
  return (
    <Panel
      title={personTexts.conversations}
      aside={
        connection &&
        connection.nodes.length > 0 && (
          <AnchorLink
            to="/orgs/$org/agents/$agent/conversations"
            params={params}
            search={{ person: of.person, test: true }}
            size="sm"
          >
            {personTexts.allConversations}
          </AnchorLink>
        )
      }
    >
      <FieldFailure answer={answer} field="org.activity.person.conversations" />
      {connection?.nodes.length === 0 && <Text c="dimmed">{personTexts.noConversations}</Text>}
      <ul className="rows">
        {connection?.nodes.map(({ sessionId, endedAt, firstMessagePreview, ...channel }) => (
          <li key={`${sessionId} ${channel.channel}`}>
            <div>
              <AnchorLink
                to="/orgs/$org/agents/$agent/conversations/$session"
                params={{ ...params, session: sessionId }}
                size="sm"
                className="preview"
              >
                {firstMessagePreview ?? sessionId}
              </AnchorLink>
              <ChannelLabel {...channel} />
            </div>
            <Text size="sm" c="dimmed" className="nowrap">
              <Time at={endedAt} />
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
