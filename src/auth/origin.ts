import type { Door, Origin } from '../domain/origin.ts';
import type { Trace } from '../domain/trace.ts';
import type { Principal } from './principal.ts';

/** Where the changes of a principal's request come from. */
export function originOf(
  { kind, id, name }: Principal,
  door: Door,
  trace: Trace,
  message?: string,
): Origin {
  return {
    actor: { kind, id, ...(name !== undefined && { name }) },
    door,
    ...trace,
    ...(message !== undefined && { message }),
  };
}
