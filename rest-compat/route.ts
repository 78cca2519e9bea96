import type { ErrorCode } from '../src/domain/errors.ts';
import type { PageAnswer } from '../src/http/page.ts';
import type { Work } from '../src/work.ts';
import type { Formats } from './formats.ts';

/**
 * A documented REST path as a row: the GraphQL operation it stands for, and
 * where in the result its answer is. Everything else follows from the
 * operation: path parameters and the body (`$input`) become the variables of
 * their names, `If-Match` becomes `$expectedVersion`, what is selected as
 * `_version` becomes the `ETag`, and rights are those of the selected fields.
 *
 * What is selected under an alias with a leading `_` is for the router, and
 * not in the answer.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/v1`, e.g. `/orgs/{org}/agents/{agent}`. */
  readonly path: string;
  readonly operation: string;
  /** The path of the answer in the result, e.g. `org.agent.identity`. */
  readonly pick: string;
  /** The success status; 200 when left out. A 204 has no body, a 201 a `Location`. */
  readonly status?: 201 | 204;
  /** What stands before `data` in a list's envelope. */
  readonly envelope?: Readonly<Record<string, string>>;
  /** Of the fields of what is picked one is set: the answer is its value. */
  readonly oneOf?: true;
  /** The refusal of a part that is not set: what is picked is null. */
  readonly unset?: { readonly code: ErrorCode; readonly message: string };
  /** The answer shows `null` where something is unset, as the reference has it. */
  readonly keepsNulls?: true;
  /** Where a 400 says its message a second time. */
  readonly messageAlsoAs?: string;
  /** The answer depends on more than the agent's version: never a 304. */
  readonly live?: true;
  /** The body may be YAML, too, and is where it does not say. */
  readonly takesYaml?: true;
  /** What is picked is a text. The query chooses its format, or else `Accept` does. */
  readonly formats?: Formats;
  /** Query parameters, and the variables they become. */
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * A documented path that a browser is sent to. It takes no token, stands for no
 * operation, and is answered by a redirect or a page: by what the composition
 * root gives as the page of that name.
 */
export interface PageRoute {
  readonly method: 'GET';
  readonly path: string;
  readonly page: PageName;
}

export type PageName = 'oauthCallback';

/** Answers the browser, by the query that it brings. */
export type Pages = Readonly<
  Record<PageName, (work: Work, query: URLSearchParams) => Promise<PageAnswer>>
>;

/** The query parameters of a list that pages, and the selection around its items. */
export const PAGING = { limit: 'first', pageToken: 'after' } as const;
export const page = (nodes: string) => `{ nodes ${nodes} pageInfo { hasNextPage endCursor } }`;

/**
 * The query of what hangs on one agent.
 *
 * @param variables those of the selection, e.g. `$skillId: ID!`
 */
export function agentQuery(selection: string, variables = ''): string {
  return `query ($org: ID!, $agent: ID!${variables && `, ${variables}`}) {
    org(id: $org) { agent(id: $agent) { _version: version ${selection} } }
  }`;
}

/**
 * A mutation that answers with the agent.
 *
 * @param input the type of its `input`, where it takes one
 * @param id the path parameter that fills its `id`, where it takes one
 */
export function agentMutation(
  field: string,
  selection: string,
  input?: string,
  id?: string,
): string {
  return mutation(field, `_version: version ${selection}`, input, id);
}

/** A mutation that answers with a payload: an item, selected by `selection`, and its `agent`. */
export function itemMutation(
  field: string,
  selection: string,
  input?: string,
  id?: string,
): string {
  return mutation(field, `_agent: agent { _version: version } ${selection}`, input, id);
}

function mutation(field: string, selection: string, input?: string, id?: string): string {
  const variables = `${id ? `, $${id}: ID!` : ''}${input ? `, $input: ${input}` : ''}`;
  const args = `${id ? `, id: $${id}` : ''}${input ? ', input: $input' : ''}`;
  return `mutation ($org: ID!, $agent: ID!, $expectedVersion: Int${variables}) {
    ${field}(org: $org, agent: $agent, expectedVersion: $expectedVersion${args}) { ${selection} }
  }`;
}
