import { describe, expect, it } from 'vitest';
import { openMongo } from '../../src/store/mongo.ts';
import { assertPromisesKept, databaseOf } from '../../src/store/mongo-url.ts';
import { StoreMisconfigured } from '../../src/store/port.ts';

describe('the URL of a MongoDB', () => {
  it.each([
    ['mongodb://a', ''],
    ['mongodb://a/', ''],
    ['mongodb://a:27017/agents', 'agents'],
    ['mongodb://a:27017,b:27017,c/agents?replicaSet=rs0', 'agents'],
    ['mongodb://a,b/?replicaSet=rs0', ''],
    ['mongodb://user:p%2Fw@a,b/my%20agents', 'my agents'],
    ['mongodb+srv://user:pw@cluster.example/agents?w=majority', 'agents'],
    ['mongodb://a?directConnection=true', ''],
  ])('%s names the database "%s"', (url, name) => expect(databaseOf(url)).toBe(name));

  it.each(['mongodb://a/db?soup=1', 'mongodb://u:hush@[::1/db', 'mongodb://u:hush@a:x/db'])(
    '%s is refused, with no password told',
    async (url) => {
      const refused = await openMongo(url).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StoreMisconfigured);
      expect(String(refused)).not.toContain('hush');
    },
  );

  it.each([
    'readPreference=secondaryPreferred',
    'readpreference=nearest',
    'readPreferenceTags=dc:east',
    'maxStalenessSeconds=100',
    'readConcernLevel=local',
    'readConcernLevel=available',
    'w=1',
    'w=0',
    'journal=false',
    'j=false',
    'wtimeoutMS=5',
    'retryWrites=false',
    'retryReads=false',
  ])('with %s is refused, and the option is named', async (option) => {
    const refused = await openMongo(`mongodb://u:hush@a:1/db?appName=x&${option}`).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StoreMisconfigured);
    expect(String(refused)).toContain(`must not set ${option.split('=')[0]}:`);
    expect(String(refused)).not.toContain('hush');
  });

  it.each(['w=majority', 'journal=true', 'readPreference=primary', 'retryWrites=true', 'tls=true'])(
    'may have %s',
    (option) => expect(() => assertPromisesKept(`mongodb://a/db?${option}`)).not.toThrow(),
  );
});
