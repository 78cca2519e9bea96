import { graphql } from '../../graphql/graphql.ts';

export const PEOPLE = graphql(`
  query People(
    $org: ID!
    $agent: ID!
    $q: String
    $status: PersonStatus
    $first: Int!
    $after: String
  ) {
    org(id: $org) {
      activity(agent: $agent) {
        people(q: $q, status: $status, first: $first, after: $after) {
          nodes { id fullName email phone company title status updatedAt }
          pageInfo { endCursor hasNextPage }
        }
      }
    }
  }
`);

export const PERSON = graphql(`
  query Person($org: ID!, $agent: ID!, $person: ID!) {
    org(id: $org) {
      activity(agent: $agent) {
        person(id: $person) {
          id
          version
          fullName
          firstName
          lastName
          email
          phone
          company
          title
          status
          source
          notes
          customFields
          createdAt
          updatedAt
          channels { channel userId }
          journal { at author text }
          appointments(first: 50) {
            nodes {
              id
              startUtc
              durationMinutes
              prospectTimezone
              representativeName
              notes
              status
              history { at reason }
            }
          }
          conversations(first: 8, includeTest: true) {
            nodes {
              sessionId
              channel
              emulatedChannel
              test
              endedAt
              firstMessagePreview
            }
          }
        }
      }
    }
  }
`);

export const CREATE_PERSON = graphql(`
  mutation CreatePerson($org: ID!, $agent: ID!, $input: PersonInput!) {
    createPerson(org: $org, agent: $agent, input: $input) { id }
  }
`);

export const UPDATE_PERSON = graphql(`
  mutation UpdatePerson(
    $org: ID!
    $agent: ID!
    $person: ID!
    $input: PersonInput!
    $expectedVersion: Int
  ) {
    updatePerson(
      org: $org
      agent: $agent
      person: $person
      input: $input
      expectedVersion: $expectedVersion
    ) { id }
  }
`);

export const DELETE_PERSON = graphql(`
  mutation DeletePerson($org: ID!, $agent: ID!, $person: ID!) {
    deletePerson(org: $org, agent: $agent, person: $person) { id }
  }
`);

export const ADD_JOURNAL_ENTRY = graphql(`
  mutation AddJournalEntry($org: ID!, $agent: ID!, $person: ID!, $text: NonBlank!) {
    addJournalEntry(org: $org, agent: $agent, person: $person, input: { text: $text }) { id }
  }
`);

export const BOOK_APPOINTMENT = graphql(`
  mutation BookAppointment(
    $org: ID!
    $agent: ID!
    $person: ID!
    $input: BookAppointmentInput!
  ) {
    bookAppointment(org: $org, agent: $agent, person: $person, input: $input) { id }
  }
`);

export const MOVE_APPOINTMENT = graphql(`
  mutation MoveAppointment(
    $org: ID!
    $agent: ID!
    $person: ID!
    $appointment: ID!
    $input: RescheduleAppointmentInput!
  ) {
    rescheduleAppointment(
      org: $org
      agent: $agent
      person: $person
      appointment: $appointment
      input: $input
    ) { id }
  }
`);

export const CANCEL_APPOINTMENT = graphql(`
  mutation CancelAppointment(
    $org: ID!
    $agent: ID!
    $person: ID!
    $appointment: ID!
    $input: CancelAppointmentInput!
  ) {
    cancelAppointment(
      org: $org
      agent: $agent
      person: $person
      appointment: $appointment
      input: $input
    ) { id }
  }
`);
