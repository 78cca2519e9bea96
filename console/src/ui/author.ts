import { agentsTexts } from '../texts/agents.ts';

interface Actor {
  readonly kind: keyof typeof agentsTexts.actors;
  readonly name: string | null;
}

/** The name of the author of a change. */
export function authorOf({ kind, name }: Actor): string {
  return name ?? agentsTexts.actors[kind];
}
