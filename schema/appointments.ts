import {
  MAX_CALL_MINUTES,
  MIN_CALL_MINUTES,
  type NewAppointment,
} from '../src/domain/appointments.ts';
import { setFields } from '../src/domain/patch.ts';
import { agentRefArgs, idArg, inputArg } from './args.ts';
import { builder } from './builder.ts';
import { AppointmentRef, PersonRef } from './people.ts';
import { mayInOrg } from './rights.ts';
import { TEXT } from './texts.ts';

const REASON = 'Why, for the history of the appointment.';

const BookAppointmentInput = builder.inputType('BookAppointmentInput', {
  description: 'A call to book.',
  fields: (t) => ({
    startUtc: t.field({ type: 'DateTime', required: true, description: 'The start.' }),
    durationMinutes: t.int({
      required: true,
      minimum: MIN_CALL_MINUTES,
      maximum: MAX_CALL_MINUTES,
      description: 'The length in minutes.',
    }),
    prospectTimezone: t.field({
      type: 'TimeZone',
      required: true,
      description: "The person's IANA time zone.",
    }),
    representativeName: t.field({ ...TEXT.name, description: 'The name of the caller.' }),
    representativeTitle: t.field({ ...TEXT.name, description: 'The job title of the caller.' }),
    notes: t.field({ ...TEXT.notes, description: 'Notes on the call.' }),
  }),
});

const RescheduleAppointmentInput = builder.inputType('RescheduleAppointmentInput', {
  description: 'Another time for a booked call.',
  fields: (t) => ({
    startUtc: t.field({ type: 'DateTime', required: true, description: 'The new start.' }),
    reason: t.field({ ...TEXT.message, description: REASON }),
  }),
});

const CancelAppointmentInput = builder.inputType('CancelAppointmentInput', {
  description: 'The end of a booked call.',
  fields: (t) => ({ reason: t.field({ ...TEXT.message, description: REASON }) }),
});

const AddJournalEntryInput = builder.inputType('AddJournalEntryInput', {
  description: "A new line of a person's journal.",
  fields: (t) => ({
    text: t.field({ ...TEXT.journal, required: true, description: 'What the agent should know.' }),
  }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'people:write');
  const personArgs = { ...agentRefArgs(t.arg), person: idArg(t.arg, "The person's id.") };
  const itemArgs = { ...personArgs, appointment: idArg(t.arg, "The appointment's id.") };
  return {
    bookAppointment: t.field({
      type: AppointmentRef,
      ...right,
      fails: ['agent.not_found', 'person.not_found'],
      description: "Books a call with a person. It becomes the person's scheduled call.",
      args: { ...personArgs, input: inputArg(t.arg, BookAppointmentInput, 'The call.') },
      resolve: (_, { org, agent, person, input }, { services, work }) =>
        services.peopleRuntime.book(
          work,
          { org, id: agent },
          person,
          setFields<NewAppointment>(input),
        ),
    }),
    rescheduleAppointment: t.field({
      type: AppointmentRef,
      ...right,
      fails: ['agent.not_found', 'person.not_found', 'appointment.not_found'],
      description: 'Moves a call to another time. A cancelled call takes place again.',
      args: { ...itemArgs, input: inputArg(t.arg, RescheduleAppointmentInput, 'The new time.') },
      resolve: (_, { org, agent, person, appointment, input }, { services, work }) =>
        services.peopleRuntime.reschedule(
          work,
          { org, id: agent },
          person,
          appointment,
          input.startUtc,
          input.reason ?? undefined,
        ),
    }),
    cancelAppointment: t.field({
      type: AppointmentRef,
      ...right,
      fails: ['agent.not_found', 'person.not_found', 'appointment.not_found'],
      description: 'Cancels a call. It stays in the list.',
      args: { ...itemArgs, input: inputArg(t.arg, CancelAppointmentInput, 'The reason.') },
      resolve: (_, { org, agent, person, appointment, input }, { services, work }) =>
        services.peopleRuntime.cancel(
          work,
          { org, id: agent },
          person,
          appointment,
          input.reason ?? undefined,
        ),
    }),
    addJournalEntry: t.field({
      type: PersonRef,
      ...right,
      fails: ['agent.not_found', 'person.not_found'],
      description: "Adds a line to a person's journal. Its author is an operator.",
      args: { ...personArgs, input: inputArg(t.arg, AddJournalEntryInput, 'The line.') },
      resolve: (_, { org, agent, person, input }, { services, work }) =>
        services.peopleRuntime.noteOfOperator(work, { org, id: agent }, person, input.text),
    }),
  };
});
