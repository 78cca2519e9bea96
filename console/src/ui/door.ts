import { common } from '../texts/common.ts';
import { doors } from '../texts/names.ts';

/** The door of a change; empty if its author, e.g. the command line, is the door too. */
export function doorOf(actor: { readonly name: string | null }, door: keyof typeof doors): string {
  return actor.name === null ? '' : common.through(doors[door]);
}
