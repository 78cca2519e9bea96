import { APPOINTMENT_STATUSES, type AppointmentStep } from '../src/domain/appointments.ts';
import {
  JOURNAL_AUTHORS,
  PERSON_STATUSES,
  type PersonContent,
  type PersonJournalEntry,
} from '../src/domain/people.ts';
import type { AppointmentDoc, PersonDoc } from '../src/people/collection.ts';
import { pageArgs } from './args.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { enumOf } from './enums.ts';
import { AgentActivityRef, AgentRef, OWNER_PARTS } from './refs.ts';
import { entity, may, mayInOrg } from './rights.ts';
import { selectedPage } from './selection.ts';

const PersonStatusEnum = enumOf(
  'PersonStatus',
  'How far an agent has come with a person.',
  PERSON_STATUSES,
  {
    'new': 'Nobody has been in touch yet.',
    contacted: 'The agent has been in touch.',
    qualified: 'Worth following up.',
    converted: 'Won: what the agent is for was reached.',
    lost: 'Nothing came of it.',
  },
);

const about = {
  fullName: 'The full name; filled from the first and last name where none is given.',
  firstName: 'The first name.',
  lastName: 'The last name.',
  email: 'The e-mail address.',
  phone: 'The phone number.',
  company: 'Where the person works.',
  title: 'What the person is there.',
  status: 'How far the agent has come with the person.',
  source: 'Where the person came from, e.g. a campaign.',
  notes: "The operator's notes.",
  customFields: 'Further fields by name; every value is text.',
  scheduledCallAt: 'When a call is scheduled.',
  scheduledCallTimezone: 'The IANA time zone in which the call was scheduled.',
} as const satisfies Record<keyof PersonContent, string>;

const JournalEntry = builder.objectRef<PersonJournalEntry>('PersonJournalEntry').implement({
  description: 'One line of what the agent learned about a person.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
    author: t.expose('author', {
      type: enumOf('PersonJournalAuthor', 'Who wrote a line of a journal.', JOURNAL_AUTHORS, {
        agent: 'The agent.',
        operator: 'A person who works with the agent.',
      }),
      description: 'Who wrote it.',
    }),
    text: t.exposeString('text', { description: 'What was learned.' }),
  }),
});

const AppointmentStepRef = builder.objectRef<AppointmentStep>('AppointmentStep').implement({
  description: "One step in an appointment's life.",
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    action: t.exposeString('action', {
      description: 'What happened: created, rescheduled or cancelled.',
    }),
    from: t.exposeString('from', { nullable: true, description: 'The time that was.' }),
    to: t.exposeString('to', { nullable: true, description: 'The time that is.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why.' }),
  }),
});

const AppointmentRef = builder.objectRef<AppointmentDoc>('Appointment').implement({
  ...entity,
  description: 'A scheduled call with a person; the runtime books it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    startUtc: t.expose('startUtc', { type: 'DateTime', description: 'When it starts, in UTC.' }),
    durationMinutes: t.exposeInt('durationMinutes', { description: 'How long it takes.' }),
    prospectTimezone: t.exposeString('prospectTimezone', {
      description: "The person's IANA time zone.",
    }),
    status: t.expose('status', {
      type: enumOf('AppointmentStatus', 'Whether an appointment stands.', APPOINTMENT_STATUSES, {
        scheduled: 'It stands, as it was booked.',
        rescheduled: 'It stands, at another time than it was booked for.',
        cancelled: 'It was called off.',
      }),
      description: 'Whether it stands.',
    }),
    representativeName: t.exposeString('representativeName', {
      nullable: true,
      description: 'Who will call.',
    }),
    representativeTitle: t.exposeString('representativeTitle', {
      nullable: true,
      description: 'What they are.',
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'What the call is about.' }),
    history: t.field({
      type: [AppointmentStepRef],
      description: 'What happened to it, oldest first.',
      resolve: ({ history }) => [...history],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was booked.' }),
  }),
});

const AppointmentConnection = connectionOf(AppointmentRef);

type TextField = Exclude<keyof PersonContent, 'status' | 'customFields'>;

const PersonRef = builder.objectRef<PersonDoc>('Person').implement({
  ...entity,
  projected: true,
  description: "An end-user in an agent's CRM.",
  fields: (t) => {
    const text = (field: TextField) =>
      t.exposeString(field, { nullable: true, description: about[field] });
    return {
      id: t.exposeID('id', { description: 'Its id.' }),
      version: t.exposeInt('version', {
        description:
          'Counts its writes. Give it as `expectedVersion` to change only what you read.',
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
        type: 'JSONObject',
        nullable: true,
        description: about.customFields,
      }),
      assignedRepresentativeId: t.exposeID('assignedRepresentativeId', {
        nullable: true,
        description: 'The representative to whom the runtime assigned the person.',
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
        description: 'What the agent learned, oldest first: the newest entries, a bounded number.',
        resolve: ({ journal }) => journal && [...journal],
      }),
      appointments: t.field({
        type: AppointmentConnection,
        reads: ['org', 'key'],
        ...may<PersonDoc, object>('viewer', 'people:read', ({ org }) => org),
        description: 'The scheduled calls, newest first, cancelled ones included.',
        args: pageArgs(t.arg),
        resolve: (person, page, { services, loaders, work }) =>
          services.people.appointments(work, person, page, loaders.appointments),
      }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    };
  },
});

const PersonConnection = connectionOf(PersonRef);

for (const ref of [AgentRef, AgentActivityRef]) {
  builder.objectFields(ref, (t) => ({
    person: t.field({
      type: PersonRef,
      nullable: true,
      reads: OWNER_PARTS,
      ...may<{ org: string }, object>('viewer', 'people:read', ({ org }) => org),
      description:
        'One person. Null, with an error `person.not_found`, when there is none of that id.',
      args: { id: t.arg.id({ required: true, description: "The person's id." }) },
      resolve: (agent, { id }, { services, work }) => services.people.get(work, agent, id),
    }),
    people: t.field({
      type: PersonConnection,
      reads: OWNER_PARTS,
      ...may<{ org: string }, object>('viewer', 'people:read', ({ org }) => org),
      description: 'The people, newest first; with `q`, by what was found.',
      args: {
        ...pageArgs(t.arg),
        status: t.arg({ type: PersonStatusEnum, description: 'Only those of this status.' }),
        q: t.arg.string({
          description: 'Only those whose name, last name, e-mail, phone or company starts with it.',
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
  description: 'A person, or the fields of one to change; `null` clears one.',
  fields: (t) => ({
    fullName: t.field({ type: 'NonBlank', description: about.fullName }),
    firstName: t.field({ type: 'NonBlank', description: about.firstName }),
    lastName: t.field({ type: 'NonBlank', description: about.lastName }),
    email: t.field({ type: 'EmailAddress', description: about.email }),
    phone: t.field({ type: 'PhoneNumber', description: about.phone }),
    company: t.field({ type: 'NonBlank', description: about.company }),
    title: t.field({ type: 'NonBlank', description: about.title }),
    status: t.field({
      type: PersonStatusEnum,
      description: 'How far the agent has come with the person; `new` when left out.',
    }),
    source: t.field({ type: 'NonBlank', description: about.source }),
    notes: t.string({ description: about.notes }),
    customFields: t.field({
      type: 'JSONObject',
      description: 'Further fields by name, merged key by key; a `null` removes one.',
    }),
    scheduledCallAt: t.field({ type: 'DateTime', description: about.scheduledCallAt }),
    scheduledCallTimezone: t.field({
      type: 'TimeZone',
      description: about.scheduledCallTimezone,
    }),
  }),
});

builder.mutationFields((t) => {
  const agentArg = {
    org: t.arg.id({ required: true, description: 'The org.' }),
    agent: t.arg.id({ required: true, description: 'The agent.' }),
  };
  const input = t.arg({ type: PersonInput, required: true, description: 'The person.' });
  const personArgs = {
    ...agentArg,
    person: t.arg.id({ required: true, description: 'The person.' }),
    expectedVersion: t.arg.int({
      description: 'Refuse the change, and change nothing, when the person is at another version.',
    }),
  };
  return {
    createPerson: t.field({
      type: PersonRef,
      ...mayInOrg('editor', 'people:write'),
      description: "Adds a person to an agent's CRM.",
      args: { ...agentArg, input },
      resolve: (_, { org, agent, input }, { services, work }) =>
        services.people.create(work, { org, id: agent }, input),
    }),
    updatePerson: t.field({
      type: PersonRef,
      ...mayInOrg('editor', 'people:write'),
      description: 'Changes the given fields of a person; `null` clears one.',
      args: { ...personArgs, input },
      resolve: (_, { org, agent, person, expectedVersion, input }, { services, work }) =>
        services.people.update(work, { org, id: agent }, person, expectedVersion, input),
    }),
    deletePerson: t.field({
      type: PersonRef,
      ...mayInOrg('editor', 'people:write'),
      description: 'Removes a person and their appointments. Answers with the last state.',
      args: personArgs,
      resolve: (_, { org, agent, person, expectedVersion }, { services, work }) =>
        services.people.delete(work, { org, id: agent }, person, expectedVersion),
    }),
  };
});
