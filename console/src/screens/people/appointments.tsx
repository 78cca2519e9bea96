import { Button, Group, NumberInput, Select, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { common } from '../../texts/common.ts';
import { personTexts } from '../../texts/people.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AppointmentBadge } from '../../ui/status-badge.tsx';
import { exactTime, Time } from '../../ui/time.tsx';
import type { Person, PersonRef } from './person-screen.tsx';
import { BOOK_APPOINTMENT, CANCEL_APPOINTMENT, MOVE_APPOINTMENT } from './queries.ts';

type Appointment = NonNullable<Person['appointments']>['nodes'][number];

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const DEFAULT_MINUTES = 30;
const MAX_MINUTES = 1_440;

interface AppointmentsProps {
  readonly of: PersonRef;
  readonly appointments: readonly Appointment[] | undefined;
}

export function Appointments({ of, appointments = [] }: AppointmentsProps) {
  const org = useOrg();
  return (
    <Panel title={personTexts.appointments} aside={org.can('bookAppointment') && <Book of={of} />}>
      {appointments.length === 0 && <Text c="dimmed">{personTexts.noAppointments}</Text>}
      <ul className="rows">
        {appointments.map((it) => (
          <li key={it.id}>
            <div>
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  <Time at={it.startUtc} exact />
                </Text>
                <AppointmentBadge status={it.status} />
              </Group>
              <Text size="sm" c="dimmed">
                {[
                  personTexts.minutes(it.durationMinutes),
                  it.prospectTimezone !== OWN_ZONE && personTexts.theirs(theirTime(it)),
                  it.representativeName && personTexts.with(it.representativeName),
                ]
                  .filter((part) => typeof part === 'string')
                  .join(' · ')}
              </Text>
              {it.notes && <Text size="sm">{it.notes}</Text>}
              <Steps history={it.history} />
              {it.status !== 'CANCELLED' && <Actions of={of} appointment={it} />}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function theirTime({ startUtc, prospectTimezone }: Appointment): string {
  return new Intl.DateTimeFormat(undefined, {
    timeStyle: 'short',
    timeZone: prospectTimezone,
  }).format(new Date(startUtc));
}

function Steps({ history }: Pick<Appointment, 'history'>) {
  const reasons = history.filter(({ reason }) => reason !== null);
  return reasons.map(({ at, reason }) => (
    <Text key={at} size="sm" c="dimmed">
      <Time at={at} exact />: {reason}
    </Text>
  ));
}

function Book({ of }: { readonly of: PersonRef }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [start, setStart] = useState('');
  const [minutes, setMinutes] = useState<string | number>(DEFAULT_MINUTES);
  const [zone, setZone] = useState(OWN_ZONE);
  const [representative, setRepresentative] = useState('');
  const [notes, setNotes] = useState('');
  const write = useWrite(BOOK_APPOINTMENT, close);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon name="plus" size={14} />}
        onClick={open}
      >
        {personTexts.book}
      </Button>
      <FormDialog
        title={personTexts.book}
        submit={common.add}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() =>
          write.mutate({
            ...of,
            input: {
              startUtc: new Date(start).toISOString(),
              durationMinutes: Number(minutes),
              prospectTimezone: zone,
              ...(representative.trim() && { representativeName: representative.trim() }),
              ...(notes.trim() && { notes: notes.trim() }),
            },
          })
        }
        onClose={close}
      >
        <StartInput value={start} onChange={setStart} />
        <NumberInput
          label={personTexts.duration}
          required
          withAsterisk={false}
          min={1}
          max={MAX_MINUTES}
          value={minutes}
          onChange={setMinutes}
        />
        <Select
          label={personTexts.zone}
          searchable
          required
          withAsterisk={false}
          limit={50}
          data={zones()}
          value={zone}
          onChange={(value) => setZone(value ?? OWN_ZONE)}
        />
        <TextInput
          label={personTexts.representative}
          maxLength={200}
          value={representative}
          onChange={({ currentTarget }) => setRepresentative(currentTarget.value)}
        />
        <Textarea
          label={personTexts.notes}
          maxLength={10_000}
          value={notes}
          onChange={({ currentTarget }) => setNotes(currentTarget.value)}
        />
      </FormDialog>
    </>
  );
}

function zones(): readonly string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes(OWN_ZONE) ? known : [OWN_ZONE, ...known];
}

interface StartInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function StartInput({ value, onChange }: StartInputProps) {
  return (
    <TextInput
      type="datetime-local"
      label={personTexts.start}
      description={personTexts.startHint(OWN_ZONE)}
      required
      withAsterisk={false}
      data-autofocus
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

interface ActionsProps {
  readonly of: PersonRef;
  readonly appointment: Appointment;
}

function Actions({ of, appointment }: ActionsProps) {
  const org = useOrg();
  return (
    <Group gap="xs" mt={4}>
      {org.can('rescheduleAppointment') && <Move of={of} appointment={appointment} />}
      {org.can('cancelAppointment') && <Cancel of={of} appointment={appointment} />}
    </Group>
  );
}

function Move({ of, appointment }: ActionsProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [start, setStart] = useState('');
  const [reason, setReason] = useState('');
  const write = useWrite(MOVE_APPOINTMENT, close);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${personTexts.move}: ${exactTime(appointment.startUtc)}`}
        onClick={open}
      >
        {personTexts.move}
      </Button>
      <FormDialog
        title={personTexts.moveTitle}
        submit={personTexts.move}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        onSubmit={() =>
          write.mutate({
            ...of,
            appointment: appointment.id,
            input: { startUtc: new Date(start).toISOString(), ...reasonOf(reason) },
          })
        }
        onClose={close}
      >
        <StartInput value={start} onChange={setStart} />
        <ReasonInput value={reason} onChange={setReason} />
      </FormDialog>
    </>
  );
}

function Cancel({ of, appointment }: ActionsProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [reason, setReason] = useState('');
  const write = useWrite(CANCEL_APPOINTMENT, close);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${personTexts.cancel}: ${exactTime(appointment.startUtc)}`}
        onClick={open}
      >
        {personTexts.cancel}
      </Button>
      <FormDialog
        title={personTexts.cancelTitle}
        submit={personTexts.cancel}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        isDangerous
        onSubmit={() =>
          write.mutate({ ...of, appointment: appointment.id, input: reasonOf(reason) })
        }
        onClose={close}
      >
        <ReasonInput value={reason} onChange={setReason} />
      </FormDialog>
    </>
  );
}

function reasonOf(reason: string) {
  return reason.trim() ? { reason: reason.trim() } : {};
}

function ReasonInput({ value, onChange }: StartInputProps) {
  return (
    <TextInput
      label={personTexts.reason}
      description={personTexts.reasonHint}
      maxLength={500}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
