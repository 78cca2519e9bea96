import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { buildSchema } from '../../schema/index.ts';
import { DOCUMENTS } from '../../src/client/documents.ts';
import { startTestServer } from '../kit/server.ts';
import { WORK } from '../kit/work.ts';
import { newWorld, userOf, warmer } from './world.ts';

const schema = buildSchema();

it.each(Object.entries(DOCUMENTS))('%s is valid', (_, text) => {
  expect(validate(schema, parse(text))).toEqual([]);
});

it('the commands work in an org that accepts trusted documents only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-api-trusted-'));
  const file = join(folder, 'documents.json');
  writeFileSync(file, '{}');
  const server = await startTestServer({ TRUSTED_DOCUMENTS: file });
  const user = userOf(server);
  try {
    await server.services.orgs.entitle(WORK, 'acme', {
      features: ['trusted-documents-only'],
    });
    const refused = await server.owner.graphql('{ org(id: "acme") { id } }');
    expect(refused.errors?.[0]?.extensions.code).toBe('request.document_not_trusted');
    const world = await newWorld(server, user);
    warmer(world);
    const commands = [
      ['push', '--yes'],
      ['status'],
      ['agents'],
      ['whoami'],
      ['messages', world.agent],
      ['logs', world.agent],
    ];
    for (const args of commands) {
      const { code, stderr } = await world.run(...args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    }
    expect(await world.export()).toContain('You are very warm.');
  } finally {
    user.remove();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});
