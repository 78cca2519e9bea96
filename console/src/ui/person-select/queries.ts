import { graphql } from '../../graphql/graphql.ts';

/** The people whose name, e-mail, phone or company starts with a text. */
export const PEOPLE_BY_NAME = graphql(`
  query PeopleByName($org: ID!, $agent: ID!, $q: String) {
    org(id: $org) {
      activity(agent: $agent) {
        people(q: $q, first: 20) {
          nodes { id fullName email phone }
        }
      }
    }
  }
`);

export const PERSON_NAME = graphql(`
  query PersonName($org: ID!, $agent: ID!, $person: ID!) {
    org(id: $org) {
      activity(agent: $agent) {
        person(id: $person) { id fullName email phone }
      }
    }
  }
`);
