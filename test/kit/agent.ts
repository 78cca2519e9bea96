import type { Agent } from '../../src/domain/agents.ts';

/** A minimal agent for the domain's functions; `parts` override its fields. */
export function agentWith(parts: Partial<Agent> = {}): Agent {
  return {
    org: 'acme',
    id: 'agent-1',
    uid: 'uid-1',
    historyId: 'uid-1',
    version: 1,
    name: 'Acme SDR',
    identity: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...parts,
  };
}
