import { expect } from 'vitest';
import type { CodedExtensions } from '../../schema/errors.ts';

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

/** A caller over HTTP, with a token or without. */
export class Client {
  readonly url: string;
  readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  /** Any request; a body that is no string is sent as JSON. */
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
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Record<string, unknown>,
    };
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

  /** A GraphQL request, whatever its outcome. */
  async graphql(query: string, variables: object = {}): Promise<GraphQLAnswer> {
    const { body } = await this.request('POST', '/graphql', { query, variables });
    return body as unknown as GraphQLAnswer;
  }

  /** The data of a GraphQL request that must succeed. */
  async query(query: string, variables: object = {}): Promise<Record<string, unknown>> {
    const { data, errors } = await this.graphql(query, variables);
    expect(errors, JSON.stringify(errors)).toBeUndefined();
    return data as Record<string, unknown>;
  }

  /** Makes an agent and answers its id. */
  async createAgent(input: object = { name: 'Acme SDR' }): Promise<string> {
    const { status, body } = await this.post('/orgs/acme/agents', input);
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id as string;
  }
}

/** Expects an error answer: status, code, and the paths of its details where they are given. */
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
