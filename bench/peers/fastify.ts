import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { open } from 'lmdb';
import { ORG } from '../rows.ts';
import { givenData, listensAt } from './peer.ts';

/** The parts of an agent that this server sends, as the project's REST answers have them. */
export interface FastifyData {
  /** Where its store is made. */
  readonly folder: string;
  readonly token: string;
  /** The ids of its agents, and the version that each has at first. */
  readonly ids: readonly string[];
  readonly version: number;
  readonly agent: Stored['agent'];
  readonly definition: Stored['definition'];
}

interface Stored {
  readonly agent: Readonly<Record<string, unknown>> & { readonly identity: object };
  readonly definition: Readonly<Record<string, unknown>>;
}

interface Key {
  readonly org: string;
  readonly scopes: readonly string[];
}

const PAGE = 50;

/**
 * A server that a good programmer writes by hand for these rows alone: fastify on LMDB, documents
 * in msgpack with shared structures, keys looked up by their hash on every request, writes that
 * are on disk when they are answered and apply to the version that they read. It has no schema,
 * no validation, no events and no limits.
 */
export async function serveFastify(): Promise<void> {
  const { folder, token, ids, version: first, agent, definition } = await givenData<FastifyData>();
  const root = open({ path: folder, noSubdir: false, maxDbs: 2, overlappingSync: false });
  const options = { useVersions: true, sharedStructuresKey: Symbol.for('structures') };
  const docs = root.openDB<Stored, string>({ name: 'agents', ...options });
  const keys = root.openDB<Key, string>({ name: 'keys', ...options });
  await keys.put(hashOf(token), { org: ORG, scopes: ['agents:read', 'agents:write'] }, 1);
  for (const id of ids) {
    await docs.put(`${ORG}/${id}`, { agent: { ...agent, id }, definition }, first);
  }

  const app = fastify();
  app.get('/livez', async () => ({ status: 'live' }));
  app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => {
      const [, given = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
      const key = keys.get(hashOf(given));
      if (key?.org !== ORG || !key.scopes.includes('agents:read')) {
        return reply.code(401).send({ message: 'unauthorized' });
      }
    });
    guarded.get<{ Params: { id: string } }>('/agents/:id/export', async (request, reply) => {
      const entry = docs.getEntry(`${ORG}/${request.params.id}`);
      if (!entry) return reply.code(404).send({ message: 'no such agent' });
      return reply.header('ETag', `"${entry.version}"`).send(entry.value.definition);
    });
    guarded.get<{ Params: { id: string } }>('/agents/:id', async (request, reply) => {
      const entry = docs.getEntry(`${ORG}/${request.params.id}`);
      if (!entry) return reply.code(404).send({ message: 'no such agent' });
      const tag = `"${entry.version}"`;
      if (request.headers['if-none-match'] === tag)
        return reply.code(304).header('ETag', tag).send();
      return reply.header('ETag', tag).send(entry.value.agent);
    });
    guarded.get('/agents', async () => ({ data: firstPage().map(({ agent }) => agent) }));
    guarded.get('/names', async () => ({
      data: firstPage().map(({ agent: { id, name } }) => ({ id, name })),
    }));
    guarded.patch<{ Params: { id: string }; Body: Record<string, unknown> }>(
      '/agents/:id/identity',
      async (request, reply) => {
        const place = `${ORG}/${request.params.id}`;
        const entry = docs.getEntry(place);
        if (!entry) return reply.code(404).send({ message: 'no such agent' });
        const { value, version = first } = entry;
        const identity = { ...value.agent.identity, ...request.body };
        const changed = { ...value, agent: { ...value.agent, identity } };
        if (!(await docs.put(place, changed, version + 1, version))) {
          return reply.code(409).send({ message: 'changed meanwhile' });
        }
        return reply.header('ETag', `"${version + 1}"`).send(identity);
      },
    );
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  listensAt((app.server.address() as AddressInfo).port);

  function firstPage(): Stored[] {
    const range = { start: `${ORG}/`, end: `${ORG}0`, limit: PAGE };
    return [...docs.getRange(range)].map(({ value }) => value);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
