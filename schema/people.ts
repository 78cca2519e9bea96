import { APPOINTMENT_STATUSES, type AppointmentStep } from '../src/domain/appointments.ts';
import {
  JOURNAL_AUTHORS,
  PERSON_STATUSES,
  type PersonContent,
  type PersonJournalEntry,
} from '../src/domain/people.ts';
import { type AppointmentDoc, type PersonDoc, personKey } from '../src/people/collection.ts';
import { personNotFound } from '../src/people/service.ts';
import { agentRefArgs, expectedVersionArg, idArg, inputArg, pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { AgentActivityRef, AgentRef, OWNER_PARTS } from './refs.ts';
import { entity, mayInOrg, mayOnDocument } from './rights.ts';
import { selectedPage } from './selection.ts';
import { TEXT } from './texts.ts';

const PersonStatusEnum = enumOf(
  'PersonStatus',
  "The stage of an agent's relationship with a person.",
  PERSON_STATUSES,
  {
    'new': 'The agent has not contacted the person.',
    contacted: 'The agent has contacted the person.',
    qualified: 'The person is worth following up.',
    converted: 'The agent has reached its goal with the person.',
    lost: 'The person is not interested.',
  },
);

const about = {
  fullName: 'The full name. If omitted, it is filled from the first and last name.',
  firstName: 'The first name.',
  lastName: 'The last name.',
  email: 'The e-mail address.',
  phone: 'The phone number.',
  company: 'The company that the person works for.',
  title: 'The job title.',
  status: "The stage of the agent's relationship with the person.",
  source: 'The origin of the contact, e.g. a campaign.',
  notes: "The operator's notes.",
  customFields: 'Further fields by name. Every value is a string.',
  scheduledCallAt: 'The time of a scheduled call.',
  scheduledCallTimezone: 'The IANA time zone in which the call was scheduled.',
} as const satisfies Record<keyof PersonContent, string>;

const JournalEntry = builder.objectRef<PersonJournalEntry>('PersonJournalEntry').implement({
  description: 'A line of what the agent learned about a person.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
    author: t.expose('author', {
      type: enumOf('PersonJournalAuthor', 'The author of a line of a journal.', JOURNAL_AUTHORS, {
        agent: 'The agent.',
        operator: 'An operator of the agent.',
      }),
      description: 'The author.',
    }),
    text: t.exposeString('text', { description: 'The learned fact.' }),
  }),
});

const AppointmentStepRef = builder.objectRef<AppointmentStep>('AppointmentStep').implement({
  description: 'A change of an appointment.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    action: t.exposeString('action', {
      description: 'The change: created, rescheduled or cancelled.',
    }),
    from: t.exposeString('from', { nullable: true, description: 'The previous time.' }),
    to: t.exposeString('to', { nullable: true, description: 'The new time.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason.' }),
  }),
});

export const AppointmentRef = builder.objectRef<AppointmentDoc>('Appointment').implement({
  ...entity,
  description: 'A scheduled call with a person.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id.' }),
    startUtc: t.expose('startUtc', { type: 'DateTime', description: 'The start, in UTC.' }),
    durationMinutes: t.exposeInt('durationMinutes', { description: 'The length in minutes.' }),
    prospectTimezone: t.exposeString('prospectTimezone', {
      description: "The person's IANA time zone.",
    }),
    status: t.expose('status', {
      type: enumOf('AppointmentStatus', 'The status of an appointment.', APPOINTMENT_STATUSES, {
        scheduled: 'The call takes place as booked.',
        rescheduled: 'The call takes place at another time than first booked.',
        cancelled: 'The call was cancelled.',
      }),
      description: 'The status.',
    }),
    representativeName: t.exposeString('representativeName', {
      nullable: true,
      description: 'The name of the caller.',
    }),
    representativeTitle: t.exposeString('representativeTitle', {
      nullable: true,
      description: 'The job title of the caller.',
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'Notes on the call.' }),
    history: t.field({
      type: [AppointmentStepRef],
      description: 'The changes of the appointment, oldest first.',
      resolve: ({ history }) => [...history],
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the call was booked.',
    }),
  }),
});

const AppointmentConnection = connectionOf(AppointmentRef);

type TextField = Exclude<keyof PersonContent, 'status' | 'customFields'>;

export const PersonRef = builder.objectRef<PersonDoc>('Person').implement({
  ...entity,
  projected: true,
  description: "An end user in an agent's CRM.",
  fields: (t) => {
    const text = (field: TextField) =>
      t.exposeString(field, { nullable: true, description: about[field] });
    return {
      id: t.exposeID('id', { description: 'The id.' }),
      version: t.exposeInt('version', {
        description:
          'The number of writes so far. Sent as `expectedVersion`, it limits a change to the version that was read.',
      }),
      fullName: text('fullName'),
      firstName: text('firstName'),
      lastName: text('lastName'),
      email: t.expose('email', { type: 'EmailAddress', nullable: true, description: about.email }),
      phone: t.expose('phone', { type: 'PhoneNumber', nullable: true, description: about.phone }),
      company: text('company'),
      title: text('title'),
      status: t.expose('status', { type: PersonStatusEnum, description: about.status }),
      source: text('source'),
      notes: text('notes'),
      customFields: t.expose('customFields', {
        type: 'CustomFields',
        nullable: true,
        description: about.customFields,
      }),
      assignedRepresentativeId: t.exposeID('assignedRepresentativeId', {
        nullable: true,
        description: 'The representative that the runtime assigned to the person.',
      }),
      scheduledCallAt: t.expose('scheduledCallAt', {
        type: 'DateTime',
        nullable: true,
        description: about.scheduledCallAt,
      }),
      scheduledCallTimezone: text('scheduledCallTimezone'),
      journal: t.field({
        type: [JournalEntry],
        reads: ['journal'],
        nullable: true,
        description: 'The newest lines of what the agent learned, oldest first.',
        resolve: ({ journal }) => journal && [...journal],
      }),
      appointments: t.field({
        type: AppointmentConnection,
        reads: ['org', 'key'],
        ...mayOnDocument('viewer', 'people:read'),
        description: 'The scheduled calls, newest first. Cancelled ones are included.',
        args: pageArgs(t.arg),
        resolve: (person, page, { services, loaders, work }) =>
          services.people.appointments(work, person, page, loaders.appointments),
      }),
      createdAt: t.expose('createdAt', {
        type: 'DateTime',
        description: 'When the person was created.',
      }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        description: 'When the person was last changed.',
      }),
    };
  },
});

const PersonConnection = connectionOf(PersonRef);

for (const ref of [AgentRef, AgentActivityRef]) {
  builder.objectFields(ref, (t) => ({
    person: t.field({
      type: PersonRef,
      reads: OWNER_PARTS,
      ...mayOnDocument('viewer', 'people:read'),
      fails: ['person.not_found'],
      description:
        'One person of the agent. Null, with an error `person.not_found`, if the person does not exist.',
      args: { id: idArg(t.arg, "The person's id.") },
      resolve: async (agent, { id }, { loaders }) => {
        const key = personKey(agent, id);
        const found = await loaders.person.load(key);
        if (!found) throw personNotFound(key);
        return found;
      },
    }),
    people: t.field({
      type: PersonConnection,
      reads: OWNER_PARTS,
      ...mayOnDocument('viewer', 'people:read'),
      description:
        "The agent's people, newest first. With `q`, they are ordered by the matching field.",
      args: {
        ...pageArgs(t.arg),
        status: t.arg({ type: PersonStatusEnum, description: 'Only people with this status.' }),
        q: t.arg({
          ...TEXT.search,
          description:
            'Only people whose name, last name, e-mail, phone or company starts with this text.',
        }),
      },
      resolve: (agent, query, { services, loaders, work }, info) =>
        selectedPage(info, (parts) =>
          services.people.list(work, agent, query, parts, loaders.people),
        ),
    }),
  }));
}

const PersonInput = builder.inputType('PersonInput', {
  description: 'A person, or the fields of a person to change. `null` clears a field.',
  fields: (t) => ({
    fullName: t.field({ ...TEXT.fullName, description: about.fullName }),
    firstName: t.field({ ...TEXT.name, description: about.firstName }),
    lastName: t.field({ ...TEXT.name, description: about.lastName }),
    email: t.field({ type: 'EmailAddress', description: about.email }),
    phone: t.field({ type: 'PhoneNumber', description: about.phone }),
    company: t.field({ ...TEXT.name, description: about.company }),
    title: t.field({ ...TEXT.name, description: about.title }),
    status: t.field({
      clearable: false,
      type: PersonStatusEnum,
      description: `${about.status} If omitted for a new person: \`new\`.`,
    }),
    source: t.field({ ...TEXT.name, description: about.source }),
    notes: t.field({ ...TEXT.notes, description: about.notes }),
    customFields: t.field({
      type: 'CustomFields',
      description: 'Further fields by name. They are merged key by key; `null` removes a field.',
    }),
    scheduledCallAt: t.field({ type: 'DateTime', description: about.scheduledCallAt }),
    scheduledCallTimezone: t.field({
      type: 'TimeZone',
      description: about.scheduledCallTimezone,
    }),
  }),
});

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'people:write');
  const agentArg = agentRefArgs(t.arg);
  const personArgs = {
    ...agentArg,
    person: idArg(t.arg, "The person's id."),
    expectedVersion: expectedVersionArg(t.arg, 'person'),
  };
  return {
    createPerson: t.field({
      type: PersonRef,
      ...right,
      fails: ['agent.not_found'],
      description: "Adds a person to the agent's CRM.",
      args: { ...agentArg, input: inputArg(t.arg, PersonInput, 'The person.') },
      resolve: (_, { org, agent, input }, { services, work }) =>
        services.people.create(work, { org, id: agent }, input),
    }),
    updatePerson: t.field({
      type: PersonRef,
      ...right,
      fails: ['agent.not_found', 'person.not_found', 'version.mismatch'],
      description: 'Changes the given fields of a person. `null` clears a field.',
      args: { ...personArgs, input: inputArg(t.arg, PersonInput, 'The fields to change.') },
      resolve: (_, { org, agent, person, expectedVersion, input }, { services, work }) =>
        services.people.update(work, { org, id: agent }, person, expectedVersion, input),
    }),
    deletePerson: t.field({
      type: PersonRef,
      ...right,
      fails: ['agent.not_found', 'person.not_found', 'version.mismatch'],
      description: 'Removes a person and their appointments.',
      args: personArgs,
      resolve: (_, { org, agent, person, expectedVersion }, { services, work }) =>
        services.people.delete(work, { org, id: agent }, person, expectedVersion),
    }),
  };
});
