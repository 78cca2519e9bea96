import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import type { ResultOf } from '../../graphql/graphql.ts';
import { isRole, rolesUpTo } from '../../rights/roles.ts';
import { type Membership, useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { membersTexts } from '../../texts/members.ts';
import { roles } from '../../texts/names.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, PagedList } from '../../ui/paged-list.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { ADD_MEMBER, MEMBERS, REMOVE_MEMBER, UPDATE_MEMBER } from './queries.ts';

const PAGE_SIZE = 50;

type Org = NonNullable<ResultOf<typeof MEMBERS>['org']>;
type Member = NonNullable<Org['members']>['nodes'][number];

export function MembersScreen() {
  const org = useOrg();
  const { after } = useSearch({ from: '/orgs/$org/members' });
  const navigate = useNavigate({ from: '/orgs/$org/members' });
  const query = useRead(
    MEMBERS,
    { org: org.id, first: PAGE_SIZE, after: after ?? null },
    { keepPrevious: true },
  );
  return (
    <Page title={membersTexts.title} actions={org.can('addMember') && <AddMember />}>
      <PagedList
        label={membersTexts.title}
        query={query}
        pageOf={({ data }) => data.org?.members}
        failed={(answer) => <FieldFailure answer={answer} field="org" />}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        empty={<Empty {...membersTexts.empty} />}
        after={after}
        onPage={(next) => void navigate({ search: { after: next } })}
      />
    </Page>
  );
}

const COLUMNS: readonly Column<Member>[] = [
  {
    header: membersTexts.columns.member,
    cell: ({ email, signedIn }) => (
      <>
        <Text fw={600}>
          <Breakable text={email} />
        </Text>
        <Text size="sm" c="dimmed">
          {signedIn ? membersTexts.signedIn : membersTexts.invited}
        </Text>
      </>
    ),
  },
  { header: membersTexts.columns.role, width: '9rem', cell: (member) => <RoleCell {...member} /> },
  {
    header: membersTexts.columns.added,
    wideOnly: true,
    width: '10rem',
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    header: common.actions,
    width: '6.5rem',
    cell: (member) => <RemoveCell {...member} />,
  },
];

function RoleCell({ id, email, role, version }: Member) {
  const org = useOrg();
  const write = useWrite(UPDATE_MEMBER);
  const offered = rolesUpTo(org.membership.role);
  if (!org.can('updateMember') || !offered.includes(role)) return roles[role];
  return (
    <>
      <RoleSelect
        label={membersTexts.roleOf(email)}
        value={role}
        offered={offered}
        onChange={(to) => write.mutate({ org: org.id, member: id, input: { role: to }, version })}
      />
      <WriteError error={write.error} />
    </>
  );
}

function RemoveCell({ id, email, role }: Member) {
  const org = useOrg();
  const write = useWrite(REMOVE_MEMBER);
  if (!org.can('removeMember') || !rolesUpTo(org.membership.role).includes(role)) return null;
  return (
    <ConfirmButton
      label={common.remove}
      about={email}
      question={membersTexts.removeQuestion(email)}
      consequence={membersTexts.removeConsequence}
      write={write}
      onConfirm={(close) => write.mutate({ org: org.id, member: id }, { onSuccess: close })}
    />
  );
}

function AddMember() {
  const org = useOrg();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Membership['role']>('VIEWER');
  const write = useWrite(ADD_MEMBER, () => {
    close();
    setEmail('');
  });
  return (
    <>
      <Button leftSection={<Icon name="plus" />} onClick={open}>
        {membersTexts.add}
      </Button>
      <FormDialog
        title={membersTexts.addTitle}
        submit={common.add}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() => write.mutate({ org: org.id, input: { email: email.trim(), role } })}
        onClose={close}
      >
        <TextInput
          type="email"
          label={membersTexts.email}
          description={membersTexts.emailHint}
          required
          data-autofocus
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <RoleSelect
          label={membersTexts.role}
          isLabelShown
          value={role}
          offered={rolesUpTo(org.membership.role)}
          onChange={setRole}
        />
      </FormDialog>
    </>
  );
}

interface RoleSelectProps {
  readonly label: string;
  readonly isLabelShown?: boolean;
  readonly value: Membership['role'];
  readonly offered: readonly Membership['role'][];
  readonly onChange: (role: Membership['role']) => void;
}

function RoleSelect({ label, isLabelShown, value, offered, onChange }: RoleSelectProps) {
  return (
    <NativeSelect
      {...(isLabelShown ? { label } : { 'aria-label': label, size: 'xs' })}
      data={offered.map((it) => ({ value: it, label: roles[it] }))}
      value={value}
      onChange={({ currentTarget: { value: chosen } }) => isRole(chosen) && onChange(chosen)}
    />
  );
}
