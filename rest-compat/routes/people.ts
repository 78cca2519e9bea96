import { PAGING, page, type Route } from '../route.ts';

const FIELDS = `id fullName firstName lastName email phone company title status source notes
  customFields assignedRepresentativeId scheduledCallAt scheduledCallTimezone`;
const DATES = 'createdAt updatedAt';
const PERSON = `${FIELDS} channels { channel userId lastSeenAt } journal { at author text } ${DATES}`;
const APPOINTMENT = `id startUtc durationMinutes prospectTimezone status representativeName
  representativeTitle notes history { at action from to reason } createdAt`;

const people = '/orgs/{org}/agents/{agent}/people';
const person = `${people}/{personId}`;
const appointment = `${person}/appointments/{appointmentId}`;

export const personRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: people,
    summary: "Lists the agent's people",
    // Without the journals, which are long, and the channels, which other documents have.
    operation: `query ($org: ID!, $agent: ID!, $first: Int, $after: String, $status: PersonStatus, $q: String) {
      org(id: $org) { activity(agent: $agent) {
        people(first: $first, after: $after, status: $status, q: $q) ${page(`{ ${FIELDS} ${DATES} }`)}
      } }
    }`,
    query: { ...PAGING, status: 'status', q: 'q' },
    pick: 'org.activity.people',
    answers: 'PersonSummary',
  },
  {
    method: 'POST',
    path: people,
    summary: 'Adds a person',
    operation: `mutation ($org: ID!, $agent: ID!, $input: PersonInput!) {
      createPerson(org: $org, agent: $agent, input: $input) { _version: version ${PERSON} }
    }`,
    example: {
      firstName: 'Ada',
      lastName: 'Park',
      email: 'ada@example.com',
      phone: '+14155550132',
      company: 'Example',
      customFields: { plan: 'pro' },
    },
    pick: 'createPerson',
    status: 201,
  },
  {
    method: 'GET',
    path: person,
    summary: 'Returns a person',
    operation: `query ($org: ID!, $agent: ID!, $personId: ID!) {
      org(id: $org) { activity(agent: $agent) {
        person(id: $personId) { _version: version ${PERSON} }
      } }
    }`,
    pick: 'org.activity.person',
    live: true,
  },
  {
    method: 'PATCH',
    path: person,
    summary: 'Changes a person',
    operation: `mutation ($org: ID!, $agent: ID!, $personId: ID!, $expectedVersion: Int, $input: PersonInput!) {
      updatePerson(org: $org, agent: $agent, person: $personId, expectedVersion: $expectedVersion, input: $input) {
        _version: version ${PERSON}
      }
    }`,
    example: { status: 'qualified', notes: 'Wants a demo.', customFields: { plan: null } },
    pick: 'updatePerson',
  },
  {
    method: 'DELETE',
    path: person,
    summary: 'Removes a person',
    operation: `mutation ($org: ID!, $agent: ID!, $personId: ID!, $expectedVersion: Int) {
      deletePerson(org: $org, agent: $agent, person: $personId, expectedVersion: $expectedVersion) { id }
    }`,
    pick: 'deletePerson',
    status: 204,
  },
  {
    method: 'GET',
    path: `${person}/appointments`,
    summary: "Lists the person's appointments",
    operation: `query ($org: ID!, $agent: ID!, $personId: ID!, $first: Int, $after: String) {
      org(id: $org) { activity(agent: $agent) { person(id: $personId) {
        appointments(first: $first, after: $after) ${page(`{ ${APPOINTMENT} }`)}
      } } }
    }`,
    query: PAGING,
    pick: 'org.activity.person.appointments',
  },
  {
    method: 'POST',
    path: `${person}/appointments`,
    summary: 'Books a call with the person',
    operation: `mutation ($org: ID!, $agent: ID!, $personId: ID!, $input: BookAppointmentInput!) {
      bookAppointment(org: $org, agent: $agent, person: $personId, input: $input) { ${APPOINTMENT} }
    }`,
    example: {
      startUtc: '2027-03-01T17:00:00.000Z',
      durationMinutes: 30,
      prospectTimezone: 'America/Los_Angeles',
      representativeName: 'Jo Park',
      notes: 'Wants to see the reports.',
    },
    pick: 'bookAppointment',
    status: 201,
    extension: true,
  },
  {
    method: 'POST',
    path: `${appointment}/_reschedule`,
    summary: 'Moves a call to another time',
    operation: `mutation ($org: ID!, $agent: ID!, $personId: ID!, $appointmentId: ID!, $input: RescheduleAppointmentInput!) {
      rescheduleAppointment(org: $org, agent: $agent, person: $personId, appointment: $appointmentId, input: $input) {
        ${APPOINTMENT}
      }
    }`,
    example: { startUtc: '2027-03-02T17:00:00.000Z', reason: 'Is travelling on the first day.' },
    pick: 'rescheduleAppointment',
    extension: true,
  },
  {
    method: 'POST',
    path: `${appointment}/_cancel`,
    summary: 'Cancels a call',
    operation: `mutation ($org: ID!, $agent: ID!, $personId: ID!, $appointmentId: ID!, $input: CancelAppointmentInput!) {
      cancelAppointment(org: $org, agent: $agent, person: $personId, appointment: $appointmentId, input: $input) {
        ${APPOINTMENT}
      }
    }`,
    example: { reason: 'Has decided for another product.' },
    pick: 'cancelAppointment',
    extension: true,
  },
  {
    method: 'POST',
    path: `${person}/journal`,
    summary: "Adds a line to the person's journal",
    operation: `mutation ($org: ID!, $agent: ID!, $personId: ID!, $input: AddJournalEntryInput!) {
      addJournalEntry(org: $org, agent: $agent, person: $personId, input: $input) {
        _version: version ${PERSON}
      }
    }`,
    example: { text: 'Prefers calls in the afternoon.' },
    pick: 'addJournalEntry',
    extension: true,
  },
];
