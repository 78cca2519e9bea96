import type { DefinitionKind } from '../schema/input.ts';
import type { ErrorCode } from '../src/domain/errors.ts';
import type { PageAnswer } from '../src/http/page.ts';
import type { Work } from '../src/work.ts';
import type { Formats } from './formats.ts';

/**
 * A documented REST path as a row: its GraphQL operation, and the path of the answer in the
 * result. Everything else derives from the operation. Path parameters and the body (`$input`) are
 * the variables of their names, `If-Match` is `$expectedVersion`, the field selected as `_version`
 * is the `ETag`, and the required rights are those of the selected fields.
 *
 * A field selected under an alias with a leading `_` is for the router. It is not in the answer.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/v1`, e.g. `/orgs/{org}/agents/{agent}`. */
  readonly path: string;
  /** What the operation does, in the third person, without a full stop: `Lists the agent's skills`. */
  readonly summary: string;
  readonly operation: string;
  /** The variables that are the fields of the body, if the operation has no `$input`. */
  readonly bodyArguments?: readonly string[];
  /** A body that the server accepts as it is; required if the operation has an `$input` or `bodyArguments`. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** Path parameters that exist, beside those of the demo data. */
  readonly examples?: Readonly<Record<string, string>>;
  /** The path of the answer in the result, e.g. `org.agent.identity`. */
  readonly pick: string;
  /** The success status; 200 if omitted. A 204 has no body, a 201 has a `Location`. */
  readonly status?: 201 | 204;
  /** The name of the answer's type in the OpenAPI document, if another selection has the usual name. */
  readonly answers?: string;
  /** Nullable fields that this answer always has. */
  readonly alwaysSet?: readonly string[];
  /** The reference does not have the operation. */
  readonly extension?: true;
  /** Fields before `data` in a list's envelope. */
  readonly envelope?: Readonly<Record<string, string>>;
  /** Only one field of the picked object is set. The answer is its value. */
  readonly oneOf?: true;
  /** The error if the picked part is null, which means that it is not set. */
  readonly unset?: { readonly code: ErrorCode; readonly message: string };
  /** An unset field is `null` in the answer, as the reference shows it. Otherwise it is omitted. */
  readonly keepsNulls?: true;
  /** A field of a 400 answer that repeats the message. */
  readonly messageAlsoAs?: string;
  /** The answer depends on more than the agent's version, so it is never a 304. */
  readonly live?: true;
  /**
   * The body is the text of a definition, or of a document that names its agent: YAML, also if it
   * has no media type, or JSON. The text is `$document`.
   */
  readonly takesDefinition?: DefinitionKind;
  /** The picked field is a text. The query or, without it, `Accept` chooses its format. */
  readonly formats?: Formats;
  /** The same change as a query, for `?mode=plan`. The fields of `input` are variables too. */
  readonly plan?: Pick<Route, 'operation' | 'query' | 'pick'>;
  /** The variable of each query parameter. */
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * A documented path for browsers. It accepts no token and runs no operation. The page that the
 * composition root registers under its name answers with a redirect or an HTML page.
 */
export interface PageRoute {
  readonly method: 'GET';
  readonly path: string;
  readonly page: PageName;
}

export type PageName = 'oauthCallback';

/** Answer a browser's request from its query. */
export type Pages = Readonly<
  Record<PageName, (work: Work, query: URLSearchParams) => Promise<PageAnswer>>
>;

/** The query parameter that asks for a plan of a change, and its only value. */
export const MODE = 'mode';
export const PLAN_MODE = 'plan';

/** The query parameters of a paged list. */
export const PAGING = { limit: 'first', pageToken: 'after' } as const;

/** The selection of a page. @param nodes the selection of an item, in braces */
export const page = (nodes: string) => `{ nodes ${nodes} pageInfo { hasNextPage endCursor } }`;

/**
 * A query of fields of one agent.
 *
 * @param variables the variables in the selection, e.g. `$skillId: ID!`
 */
export function agentQuery(selection: string, variables = ''): string {
  return `query ($org: ID!, $agent: ID!${variables && `, ${variables}`}) {
    org(id: $org) { agent(id: $agent) { _version: version ${selection} } }
  }`;
}

/** The version that an agent must have. */
export const VERSION_ARG = 'expectedVersion: $expectedVersion';
export const VERSION_VARIABLE = '$expectedVersion: Int';

/**
 * A plan of a change of an agent, made by the field.
 *
 * @param variables the variables of its arguments, e.g. `$templateId: ID!`
 */
export function planOf(field: string, args: string, variables: string): NonNullable<Route['plan']> {
  return {
    operation: agentQuery(
      planned(field, `${VERSION_ARG}, ${args}`),
      planVariables(`${VERSION_VARIABLE}, ${variables}`),
    ),
    query: PLANNED_PROMPT,
    pick: `org.agent.${field}`,
  };
}

/** `planOf` of a change whose agent the path does not name, by a field of the org. */
export function orgPlanOf(
  field: string,
  args: string,
  variables: string,
): NonNullable<Route['plan']> {
  return {
    operation: `query ($org: ID!, ${planVariables(variables)}) {
      org(id: $org) { ${planned(field, args)} }
    }`,
    query: PLANNED_PROMPT,
    pick: `org.${field}`,
  };
}

function planned(field: string, args: string): string {
  return `${field}(${args}) { ${PLAN} }`;
}

function planVariables(variables: string): string {
  return `${variables}, ${PLANNED_PROMPT_VARIABLES}`;
}

/** The query parameter that asks for the prompt after a planned change. */
export const WITH_PROMPT = 'prompt';
/** The query parameters of the prompt after a planned change. */
const PLANNED_PROMPT = {
  [WITH_PROMPT]: 'prompt',
  playbookId: 'playbookId',
  personId: 'personId',
  channel: 'channel',
} as const;
const PLANNED_PROMPT_VARIABLES =
  '$prompt: Boolean = false, $playbookId: ID, $personId: ID, $channel: ChannelName';

/** The selection of a prompt. */
export const PROMPT = `{
  text hash characters estimatedTokens playbookId
  sections { section characters estimatedTokens items { itemId characters estimatedTokens } }
  spans { start end section itemId field derivedFrom { templateId version } }
  withheld { kind id reason toolId }
}`;

const PLAN_FINDINGS = '{ code severity id field message }';
const PLAN = `plan baseVersion
  changes { section itemId path kind before after }
  conflicts {
    section itemId path base theirs yours valuesOmitted theirActor { kind id name } theirVersion theirAt
  }
  blockers { code path message }
  readiness { before ${PLAN_FINDINGS} after ${PLAN_FINDINGS} }
  prompt(playbook: $playbookId, person: $personId, channel: $channel) @include(if: $prompt) ${PROMPT}`;

/**
 * A mutation that returns the agent.
 *
 * @param input the type of its `input`, if it has one
 * @param id the path parameter for its `id`, if it has one
 */
export function agentMutation(
  field: string,
  selection: string,
  input?: string,
  id?: string,
): string {
  return mutation(field, `_version: version ${selection}`, input, id);
}

/** A mutation that returns a payload: the selected item, and its `agent`. */
export function itemMutation(
  field: string,
  selection: string,
  input?: string,
  id?: string,
): string {
  return mutation(field, `_agent: agent { _version: version } ${selection}`, input, id);
}

/** `itemMutation` of a change that can be planned. */
export function plannedMutation(field: string, selection: string, input: string): string {
  return `mutation (
    $org: ID!, $agent: ID!, $expectedVersion: Int, $input: ${input}, $plan: String
  ) {
    ${field}(
      org: $org, agent: $agent, expectedVersion: $expectedVersion, input: $input, plan: $plan
    ) { _agent: agent { _version: version } ${selection} }
  }`;
}

function mutation(field: string, selection: string, input?: string, id?: string): string {
  const variables = `${id ? `, $${id}: ID!` : ''}${input ? `, $input: ${input}` : ''}`;
  const args = `${id ? `, id: $${id}` : ''}${input ? ', input: $input' : ''}`;
  return `mutation ($org: ID!, $agent: ID!, $expectedVersion: Int${variables}) {
    ${field}(org: $org, agent: $agent, expectedVersion: $expectedVersion${args}) { ${selection} }
  }`;
}
