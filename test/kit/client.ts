import { expect } from 'vitest';
import type { CodedExtensions } from '../../schema/errors.ts';
import { assertDocumented } from './refusals.ts';

export interface Answer<B = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: B;
}

export interface GraphQLAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: CodedExtensions;
  }[];
}

type Headers_ = Readonly<Record<string, string>>;

/** An HTTP client, with or without a token. */
export class Client {
  readonly url: string;
  readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  /** Sends any request; a body that is not a string is sent as JSON. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Headers_ = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        // A tag names the coding, and `fetch` asks for several.
        'Accept-Encoding': 'identity',
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
    const parsed = (isJson ? JSON.parse(text) : text) as Record<string, unknown>;
    if (response.status >= 400) assertDocumented(method, path, parsed.code);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  get(path: string, headers?: Headers_) {
    return this.request('GET', `/v1${path}`, undefined, headers);
  }
  post(path: string, body?: unknown, headers?: Headers_) {
    return this.request('POST', `/v1${path}`, body, headers);
  }
  put(path: string, body?: unknown, headers?: Headers_) {
    return this.request('PUT', `/v1${path}`, body, headers);
  }
  patch(path: string, body?: unknown, headers?: Headers_) {
    return this.request('PATCH', `/v1${path}`, body, headers);
  }
  delete(path: string, headers?: Headers_) {
    return this.request('DELETE', `/v1${path}`, undefined, headers);
  }

  /** Sends a GraphQL request, which may fail. */
  async graphql(query: string, variables: object = {}): Promise<GraphQLAnswer> {
    const { body } = await this.request('POST', '/graphql', { query, variables });
    return body as unknown as GraphQLAnswer;
  }

  /** Sends a GraphQL request that must succeed. @returns its data */
  async query(query: string, variables: object = {}): Promise<Record<string, unknown>> {
    const { data, errors } = await this.graphql(query, variables);
    expect(errors, JSON.stringify(errors)).toBeUndefined();
    return data as Record<string, unknown>;
  }

  /** Creates an agent. @returns its id */
  async createAgent(input: object = { name: 'Acme SDR' }): Promise<string> {
    const { status, body } = await this.post('/orgs/acme/agents', input);
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id as string;
  }
}

/** Expects an error answer with this status and code and, if given, these paths in its details. */
export function expectRefusal(
  answer: Answer,
  status: number,
  code: string,
  paths?: readonly string[],
): void {
  expect({ status: answer.status, code: answer.body.code }, JSON.stringify(answer.body)).toEqual({
    status,
    code,
  });
  expect(answer.body.statusCode).toBe(status);
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(answer.body.message).toEqual(expect.any(String));
  if (!paths) return;
  const details = answer.body.details as readonly { path: string }[] | undefined;
  expect(details?.map(({ path }) => path).sort()).toEqual([...paths].sort());
}
