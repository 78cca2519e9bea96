import { DomainError } from '../../src/domain/errors.ts';

/** The refusal that a call ends in. @throws Error when it does not, or ends in another error */
export function refusalOf(call: () => unknown): DomainError {
  try {
    call();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
