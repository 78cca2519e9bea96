import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll } from 'vitest';

/**
 * The URL of a database of its own on the server that `MONGODB_URL` names, dropped when
 * the test file ends; undefined when it names none.
 */
export function testDatabase(): string | undefined {
  const server = process.env.MONGODB_URL;
  if (!server) return undefined;
  const url = new URL(server);
  url.pathname = `/test-${randomUUID().slice(0, 13)}`;
  afterAll(() => dropDatabase(url.href));
  return url.href;
}

async function dropDatabase(url: string): Promise<void> {
  const client = await MongoClient.connect(url);
  try {
    await client.db(new URL(url).pathname.slice(1)).dropDatabase();
  } finally {
    await client.close();
  }
}
