import type { Agent } from '../domain/agents.ts';
import type { Grant } from '../domain/readiness.ts';
import type { AgentToolBinding } from '../domain/tool-bindings.ts';
import type { OAuthService, ReadCredential } from '../oauth/service.ts';
import type { Work } from '../work.ts';

/**
 * The grants of an agent's bound tools that need one, by tool id.
 *
 * @param toolBindings those of the agent, or of a version of it
 */
export async function grantsOf(
  work: Work,
  agent: Agent,
  toolBindings: readonly AgentToolBinding[],
  oauth: OAuthService,
  read?: ReadCredential,
): Promise<ReadonlyMap<string, Grant>> {
  const statuses = await Promise.all(
    toolBindings.map((binding) => oauth.statusOfBinding(work, agent, binding, read)),
  );
  const grants = toolBindings.flatMap(({ toolId }, i) => {
    const grant: Grant | undefined = statuses[i];
    return grant ? [[toolId, grant] as const] : [];
  });
  return new Map(grants);
}
