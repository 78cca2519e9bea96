import { describe, it } from 'vitest';
import { openMongo } from '../../src/store/mongo.ts';
import { testDatabase } from '../kit/mongodb.ts';
import { storeContract } from './contract.ts';

const url = testDatabase();

if (url) describe('MongoDB', () => storeContract(() => openMongo(url)));
else it.skip('MongoDB: MONGODB_URL names none; npm run test:mongodb brings its own', () => {});
