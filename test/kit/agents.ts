import { expect } from 'vitest';
import type { Client } from './client.ts';

/** Long enough for a document to fill several pages of the store. */
const PADDING = 'lorem ipsum '.repeat(600).trim();

/** Records which writes were sent and acknowledged, of agents whose parts must always agree. */
export class AgentsLedger {
  readonly #sent = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();

  get acknowledged(): number {
    return [...this.#acknowledged.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Creates the agent with the first write, and updates it with later ones. @returns the status */
  async write(client: Client, id: string): Promise<number> {
    const n = (this.#sent.get(id) ?? 0) + 1;
    const created = this.#acknowledged.has(id);
    const parts = {
      name: `n${n}`,
      description: `n${n}`,
      identity: { identityPreamble: `n${n} ${PADDING}` },
    };
    // If the creation was not acknowledged, first find out whether it was stored.
    if (!created && n > 1) return this.#settle(client, id);
    this.#sent.set(id, n);
    const { status } = created
      ? await client.patch(`/orgs/acme/agents/${id}`, parts)
      : await client.post('/orgs/acme/agents', { id, ...parts });
    if (status === 200 || status === 201) this.#acknowledged.set(id, n);
    return status;
  }

  /** Finds out whether an unacknowledged creation was stored. */
  async #settle(client: Client, id: string): Promise<number> {
    const { status } = await client.get(`/orgs/acme/agents/${id}`);
    if (status === 200) this.#acknowledged.set(id, 1);
    if (status === 404) this.#sent.delete(id);
    return status;
  }

  /** Expects every acknowledged write to be stored, and every other one whole or not at all. */
  async expectKept(client: Client): Promise<void> {
    const listed = await listedIds(client);
    for (const [id, sent] of this.#sent) {
      const acknowledged = this.#acknowledged.get(id) ?? 0;
      const { status, body } = await client.get(`/orgs/acme/agents/${id}`);
      expect([200, 404], JSON.stringify(body)).toContain(status);
      expect(listed.has(id), `${id} in the list`).toBe(status === 200);
      if (status === 404) {
        expect(acknowledged, `${id} is lost`).toBe(0);
        continue;
      }
      const n = Number(String(body.name).slice(1));
      expect(n).toBeGreaterThanOrEqual(acknowledged);
      expect(n).toBeLessThanOrEqual(sent);
      expect(body.description).toBe(`n${n}`);
      const { identityPreamble } = body.identity as { identityPreamble?: string };
      expect(identityPreamble === `n${n} ${PADDING}`, `${id} is whole`).toBe(true);
      // An unacknowledged write may be stored; the next write continues from it.
      this.#acknowledged.set(id, n);
      this.#sent.set(id, n);
    }
  }
}

async function listedIds(client: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let token = ''; ; ) {
    const { body } = await client.get(`/orgs/acme/agents?limit=200${token}`);
    for (const { id } of body.data as { id: string }[]) ids.add(id);
    if (!body.nextPageToken) return ids;
    token = `&pageToken=${body.nextPageToken}`;
  }
}
