import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openEnvironment } from 'lmdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerKey } from '../../src/agents/collection.ts';
import { COLLECTIONS } from '../../src/doctor/collections.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { APPOINTMENTS } from '../../src/people/collection.ts';
import type { SealedDoc } from '../../src/secrets/sealed.ts';
import { openServices } from '../../src/server/compose.ts';
import { readSettings } from '../../src/server/settings.ts';
import { STORE_FORMAT } from '../../src/store/format.ts';
import { runCommand } from '../kit/process.ts';
import { WORK } from '../kit/work.ts';

// Each command is a process of its own, which takes long on a busy machine.

const WEBHOOK = '@anychat/tool.custom-http-webhook';
const CONFIG = { url: 'https://hooks.acme.com/planted', authHeader: 'Bearer planted-0815' };
const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');

const parent = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let folder: string;
let made = 0;

/** A store with an agent, a person and a secret. */
beforeEach(async () => {
  folder = join(parent, `store${++made}`);
  const { services, close } = await open();
  const { id } = await services.agents.create(WORK, 'acme', { name: 'Acme SDR' });
  const ref = { org: 'acme', id };
  await services.toolBindings.configure(WORK, ref, undefined, WEBHOOK, 'replace', {
    config: CONFIG,
  });
  await close();
});

const environment = () => ({ STORE_URL: `lmdb:${folder}` });
const open = () => openServices(readSettings(environment()));
const dataOf = () => readFileSync(join(folder, 'data.mdb'));

async function doctor(settings: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runCommand(['doctor', '--json'], {
    ...environment(),
    ...settings,
  });
  expect(stderr).toBe('');
  const findings = JSON.parse(stdout) as Finding[];
  const problems = findings.filter(({ level }) => level === 'problem');
  expect(code).toBe(problems.length > 0 ? 1 : 0);
  return { findings, problems };
}

/** Changes the databases of the store themselves. */
async function raw(job: (root: ReturnType<typeof openEnvironment>) => void): Promise<void> {
  const root = openEnvironment({ path: folder, noSubdir: false, maxDbs: 512 });
  job(root);
  await root.close();
}

describe('agent-api doctor', () => {
  it('finds no problem in a store that is in use, and writes nothing', async () => {
    const { close } = await open();
    const before = dataOf();
    const { findings, problems } = await doctor();
    expect(problems).toEqual([]);
    const checks = ['format', 'keys', 'indexes', 'orphans', 'backlog', 'readers', 'size'];
    expect([...new Set(findings.map(({ check }) => check))]).toEqual(checks);
    expect(findings.find(({ check }) => check === 'keys')?.message).toBe(
      'every secret has a given key',
    );
    expect(dataOf().equals(before)).toBe(true);
    await close();
  });

  it('prints a line for each check, and what to do', async () => {
    rmSync(join(folder, 'secrets.key'));
    const { code, stdout } = await runCommand(['doctor'], environment());
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +format +format \d+$/m);
    expect(stdout).toMatch(/^problem +keys +.*no key is given\n +Put secrets\.key back, /m);
  });

  it('reports a lost key file, and creates none', async () => {
    rmSync(join(folder, 'secrets.key'));
    const { problems } = await doctor();
    expect(problems.map(({ check }) => check)).toEqual(['keys']);
    expect(existsSync(join(folder, 'secrets.key'))).toBe(false);
  });

  it('reports a key that is not given', async () => {
    rmSync(join(folder, 'secrets.key'));
    const { problems } = await doctor({ SECRETS_KEY: keyOf(2) });
    expect(problems.map(({ check }) => check)).toEqual(['keys']);
    expect(problems[0]?.message).toMatch(/^1 of 1 keys in use are not given: [0-9a-f]{16}$/);
    expect(problems[0]?.advice).toContain('SECRETS_KEYS_OLD');
  });

  it('reports a secret that is damaged', async () => {
    await raw((root) => {
      const docs = root.openDB<SealedDoc, string>({
        name: 'secrets.docs',
        useVersions: true,
        sharedStructuresKey: Symbol.for('structures'),
      });
      for (const { key, value } of docs.getRange({ limit: 1 })) {
        const jwe = `${value.jwe.slice(0, -4)}AAAA`;
        docs.putSync(key, { ...value, jwe }, 1);
      }
    });
    const { problems } = await doctor();
    expect(problems).toMatchObject([{ check: 'keys' }]);
    expect(problems[0]?.message).toMatch(/^acme\/\w+\/sec_\w+ is damaged$/);
  });

  it.each<[string, (root: ReturnType<typeof openEnvironment>) => void]>([
    ['a document lacks', (root) => root.openDB({ name: 'agents.index.byOrg' }).clearSync()],
    [
      'belongs to no document',
      (root) =>
        root.openDB({ name: 'agents.index.byOrg' }).putSync(['acme', 'uid', 'acme/ghost'], null),
    ],
  ])('reports an entry of an index that %s', async (_, damage) => {
    await raw(damage);
    const { problems } = await doctor();
    expect(problems.map(({ check }) => check)).toContain('indexes');
  });

  it('reports an index that was not built yet', async () => {
    await raw((root) => {
      const store = root.openDB({ name: 'store' });
      const indexes = store.get('indexes people') as [string, string][];
      store.putSync(
        'indexes people',
        indexes.filter(([name]) => name !== 'byStatus'),
      );
    });
    const { findings, problems } = await doctor();
    expect(problems).toEqual([]);
    expect(findings.filter(({ check }) => check === 'indexes')).toEqual([
      {
        check: 'indexes',
        level: 'warning',
        message: 'people lacks byStatus',
        advice: 'The next start creates them.',
      },
    ]);
  });

  it('reports documents of removed agents', async () => {
    const { store, close } = await open();
    const appointments = await store.collection(APPOINTMENTS);
    const owner = ownerKey({ org: 'acme', uid: 'gone' });
    const doc = {
      key: `${owner}/per_1/apt_1`,
      version: 1,
      owner,
      person: `${owner}/per_1`,
      id: 'apt_1',
      startUtc: '2026-01-01T00:00:00.000Z',
    };
    await store.commit(WORK, [appointments.toInsert(doc as never)]);
    await close();
    const { findings } = await doctor();
    const orphans = findings.find(({ check }) => check === 'orphans');
    expect(orphans?.level).toBe('problem');
    expect(orphans?.message).toContain(`appointments ${doc.key}`);
  });

  it('reports a newer format', async () => {
    await raw((root) => root.openDB({ name: 'store' }).putSync('format', STORE_FORMAT + 1));
    const { problems } = await doctor();
    expect(problems).toMatchObject([{ check: 'format' }]);
    expect(problems[0]?.message).toContain('newer version');
  });

  it('creates no store', async () => {
    const { code, stderr } = await runCommand(['doctor'], {
      STORE_URL: `lmdb:${join(parent, 'none')}`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^agent-api: there is no store at/);
    expect(existsSync(join(parent, 'none'))).toBe(false);
  });

  it('knows every collection', async () => {
    let names: string[] = [];
    await raw((root) => {
      names = [...root.getKeys()].map(String).filter((name) => name.endsWith('.docs'));
    });
    expect(COLLECTIONS.map(({ name }) => `${name}.docs`).sort()).toEqual(names.sort());
  });
});
