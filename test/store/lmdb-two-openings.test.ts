import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { THINGS, thing } from '../kit/things.ts';
import { WORK } from '../kit/work.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('is opened again in the same process while it is written to', async () => {
  const location = { kind: 'lmdb', path: folder } as const;
  const one = await openStore(location);
  const things = await one.collection(THINGS);
  let writing = true;
  let written = 0;
  const writer = async () => {
    while (writing) {
      written += 1;
      await one.commit(WORK, [things.toInsert(thing(`${written}`))]);
    }
  };
  const writers = [writer(), writer(), writer()];
  for (let i = 0; i < 20; i += 1) {
    const other = await openStore(location);
    // Creates databases, as a server of a new version does.
    const more = await other.collection({ ...THINGS, name: `things${i}` });
    await other.commit(WORK, [more.toInsert(thing('one'))]);
    expect(await more.get(WORK, thing('one').key)).toMatchObject({ key: thing('one').key });
    await other.close();
  }
  writing = false;
  await Promise.all(writers);
  expect(written).toBeGreaterThan(20);
  await one.close();
});
