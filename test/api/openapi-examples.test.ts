import { afterAll, beforeAll, expect, it } from 'vitest';
import { DocumentedServer } from '../kit/operations.ts';

let documented: DocumentedServer;
beforeAll(async () => {
  documented = await DocumentedServer.start();
});
afterAll(() => documented.stop());

it('accepts every documented request as it stands, and answers with the documented status', async () => {
  // Removals last, the agent's own at the very end.
  const depth = ({ path }: { path: string }) => path.split('/').length;
  const removals = documented.operations.filter(({ method }) => method === 'DELETE');
  const others = documented.operations.filter(({ method }) => method !== 'DELETE');
  for (const operation of [...others, ...removals.sort((a, b) => depth(b) - depth(a))]) {
    const { operationId, responses } = operation;
    const { status, body } = await documented.send(operation);
    const documentedStatus = Object.keys(responses).filter((it) => it.startsWith('2'));
    expect([operationId, String(status), body.message], JSON.stringify(body)).toEqual([
      operationId,
      documentedStatus[0],
      undefined,
    ]);
    if (operation.method !== 'GET' && operationId !== 'deleteAgent') await documented.restore();
  }
});

it('has an example of every body', () => {
  for (const { operationId, requestBody } of documented.operations) {
    for (const { example } of Object.values(requestBody?.content ?? {})) {
      expect([operationId, typeof example]).toEqual([operationId, 'object']);
    }
  }
});
