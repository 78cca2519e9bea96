import type { PromptReads } from '../src/prompts/service.ts';
import type { ReadinessReads } from '../src/readiness/service.ts';
import type { Loaders } from './context.ts';

/** The readers of one request, for what a prompt depends on beside its agent. */
export function promptReads({ credential, secret }: Loaders): Required<PromptReads> {
  return { credential: (key) => credential.load(key), secret: (key) => secret.load(key) };
}

/** The readers of one request, for what readiness depends on beside its agent. */
export function readinessReads(loaders: Loaders): ReadinessReads {
  return { ...promptReads(loaders), links: loaders.outreachLinks };
}
