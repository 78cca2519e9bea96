import type { Agent } from '../domain/agents.ts';
import type { Grant } from '../domain/readiness.ts';
import type { OAuthService, ReadCredential } from '../oauth/service.ts';
import type { Work } from '../work.ts';

/** The grants of the agent's bound tools that need one, by tool id. */
export async function grantsOf(
  work: Work,
  agent: Agent,
  oauth: OAuthService,
  read?: ReadCredential,
): Promise<ReadonlyMap<string, Grant>> {
  const { toolBindings = [] } = agent;
  const statuses = await Promise.all(
    toolBindings.map((binding) => oauth.statusOfBinding(work, agent, binding, read)),
  );
  const grants = toolBindings.flatMap(({ toolId }, i) => {
    const grant: Grant | undefined = statuses[i];
    return grant ? [[toolId, grant] as const] : [];
  });
  return new Map(grants);
}
