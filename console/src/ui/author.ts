import { agentsTexts } from '../texts/agents.ts';

interface Actor {
  readonly kind: keyof typeof agentsTexts.actors;
  readonly name: string | null;
}

/** The name of the author of a change, within a sentence. */
export function authorOf({ kind, name }: Actor): string {
  return name ?? agentsTexts.actors[kind];
}

/** The same as a text of its own. */
export function authorName({ kind, name }: Actor): string {
  return name ?? capital(agentsTexts.actors[kind]);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
