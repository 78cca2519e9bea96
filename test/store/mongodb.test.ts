import { afterAll, describe, it } from 'vitest';
import { openMongo } from '../../src/store/mongo.ts';
import { dropDatabase, testDatabase } from '../kit/store.ts';
import { commitContract } from './commit.ts';
import { storeContract } from './contract.ts';

const url = testDatabase();

if (url) {
  describe('MongoDB', () => {
    afterAll(() => dropDatabase(url));
    storeContract(() => openMongo(url));
    commitContract(() => openMongo(url));
  });
} else {
  it.skip('MongoDB: MONGODB_URL names none; npm run test:mongodb brings its own', () => {});
}
