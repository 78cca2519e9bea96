import type { Door, Origin } from '../domain/origin.ts';
import type { Principal } from './principal.ts';

/** Where the changes of a principal's request come from. */
export function originOf(
  { kind, id, name }: Principal,
  door: Door,
  requestId: string,
  message?: string,
): Origin {
  return {
    actor: { kind, id, ...(name !== undefined && { name }) },
    door,
    requestId,
    ...(message !== undefined && { message }),
  };
}
