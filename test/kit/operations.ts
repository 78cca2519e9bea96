import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';
import { type OAuthBench, startOAuthBench } from './oauth.ts';
import type { TestServer } from './server.ts';
import { WORK } from './work.ts';

/** A JSON Schema of the OpenAPI document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly examples?: readonly unknown[];
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string | number;
}

interface Media {
  readonly schema: Schema;
  readonly example?: Readonly<Record<string, unknown>>;
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly 'x-role': string | null;
  readonly 'x-scope': string | null;
  readonly 'x-extension'?: true;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
}

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly examples: Readonly<
      Record<string, { readonly value: Readonly<Record<string, unknown>> }>
    >;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

/** An operation of the document. */
export interface DocumentedOperation extends Operation {
  readonly method: string;
  /** With its parameters: `/orgs/{org}`. */
  readonly path: string;
}

const ORG = '/orgs/acme';
const AGENT = `${ORG}/agents/acme-demo`;

/** A server with the demo data and one of everything else, and its OpenAPI document. */
export class DocumentedServer {
  readonly server: TestServer;
  readonly document: OpenApiDocument;
  readonly operations: readonly DocumentedOperation[];
  readonly #bench: OAuthBench;
  readonly #ids: Readonly<Record<string, string>>;
  readonly #definition: unknown;

  private constructor(
    bench: OAuthBench,
    document: OpenApiDocument,
    ids: Readonly<Record<string, string>>,
    definition: unknown,
  ) {
    this.#bench = bench;
    this.server = bench.server;
    this.document = document;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
      })),
    );
    this.#ids = ids;
    this.#definition = definition;
  }

  static async start(): Promise<DocumentedServer> {
    const bench = await startOAuthBench({ DEMO_DATA: '1' });
    const { owner, anonymous } = bench.server;
    const { body } = await anonymous.get('/openapi.json');
    const definition = await owner.get(`${AGENT}/export?format=json`);
    const ids = await createOneOfEach(bench.server);
    return new DocumentedServer(bench, body as unknown as OpenApiDocument, ids, definition.body);
  }

  stop(): Promise<void> {
    return this.#bench.stop();
  }

  /** Imports the demo agent's definition again, and clears the custom fields of the person. */
  async restore(): Promise<void> {
    const { owner } = this.server;
    const { status, body } = await owner.post(`${AGENT}/import`, this.#definition);
    expect(status, JSON.stringify(body)).toBe(200);
    await owner.patch(`${AGENT}/people/${this.#ids.personId}`, { customFields: null });
  }

  operation(id: string): DocumentedOperation {
    const found = this.operations.find(({ operationId }) => operationId === id);
    if (!found) throw new Error(`there is no operation ${id}`);
    return found;
  }

  /**
   * The path of an operation, with ids that exist.
   *
   * @param others path parameters to put in their place
   */
  urlOf(operation: DocumentedOperation, others: Readonly<Record<string, string>> = {}): string {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(others[name] ?? this.idOf(operation, name)),
    );
    const query = operation.parameters.flatMap(({ name, in: where, required }) =>
      where === 'query' && required ? `${name}=${others[name] ?? this.idOf(operation, name)}` : [],
    );
    return `/v1${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  /** The id of something that exists: the documented example, or what was created. */
  idOf({ parameters, path }: DocumentedOperation, name: string): string {
    const documented = parameters.find((it) => it.in === 'path' && it.name === name)?.example;
    const id = documented ?? this.#ids[path.includes('outreach-links') ? 'linkId' : name];
    if (id === undefined) throw new Error(`${path}: there is no ${name}`);
    return String(id);
  }

  /** The documented body, with ids that exist in place of those of its minted ids. */
  exampleOf({ requestBody }: DocumentedOperation): Readonly<Record<string, unknown>> | undefined {
    const example = requestBody?.content['application/json']?.example;
    const bindingId = this.#ids.rcsId;
    return example && 'bindingId' in example ? { ...example, bindingId } : example;
  }

  /** The documented codes of an operation's errors, by status. */
  refusalsOf({ responses }: DocumentedOperation): [status: string, codes: string[]][] {
    const { responses: components } = this.document.components;
    return Object.entries(responses).flatMap(([status, { $ref = '' }]) => {
      const component = components[$ref.replace('#/components/responses/', '')];
      const { examples } = component?.content?.['application/json'] ?? {};
      return examples ? [[status, Object.keys(examples)]] : [];
    });
  }

  /** Sends the operation with its documented example. */
  send(
    operation: DocumentedOperation,
    {
      client = this.server.owner,
      others = {},
      body = this.exampleOf(operation),
      headers = {},
      query = '',
    }: {
      readonly client?: Client;
      readonly others?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** Added to the required query parameters. */
      readonly query?: string;
    } = {},
  ): Promise<Answer> {
    const url = this.urlOf(operation, others);
    const whole = query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
    return client.request(operation.method, whole, body, headers);
  }
}

/** One of everything whose id is minted. @returns the ids by the names of their parameters */
async function createOneOfEach(server: TestServer): Promise<Record<string, string>> {
  const { owner, services } = server;
  const create = async (path: string, input: object): Promise<string> => {
    const { status, body } = await owner.post(path, input);
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id as string;
  };
  const rcs = { channel: 'rcs', mode: 'managed', inputs: { brandName: 'Acme' } };
  const rcsId = await create(`${AGENT}/channels`, rcs);
  for (const to of ['Provisioning', 'Active'] as const) {
    const ref = { org: 'acme', id: 'acme-demo' };
    await services.channels.move(WORK, ref, rcsId, { to, actor: 'sysop' });
  }
  // Of a name that no resolver knows.
  const webhookId = await create(`${ORG}/webhooks`, { url: 'https://receiver.test/' });
  const personId = await create(`${AGENT}/people`, { firstName: 'Ada' });
  return {
    rcsId,
    bindingId: rcsId,
    personId,
    appointmentId: await create(`${AGENT}/people/${personId}/appointments`, {
      startUtc: '2027-01-01T10:00:00Z',
      durationMinutes: 30,
      prospectTimezone: 'Europe/Paris',
    }),
    linkId: await create(`${AGENT}/outreach-links`, { bindingId: rcsId }),
    keyId: await create(`${ORG}/api-keys`, { name: 'K' }),
    memberId: await create(`${ORG}/members`, { email: 'ada@example.com', role: 'editor' }),
    webhookId,
    deliveryId: (await services.webhooks.ping(WORK, 'acme', webhookId)).id,
  };
}
