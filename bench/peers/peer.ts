import { once } from 'node:events';

/** The data that the driver sends to a peer. */
export async function givenData<T>(): Promise<T> {
  const [{ data }] = (await once(process, 'message')) as [{ data: T }];
  process.once('disconnect', () => process.exit());
  return data;
}

/** Announces to the driver where the peer listens. */
export function listensAt(port: number): void {
  process.send?.({ port });
}
