import { DomainError } from '../../src/domain/errors.ts';

/** @returns the DomainError that the call throws @throws Error if it throws none, or another error */
export function refusalOf(call: () => unknown): DomainError {
  try {
    call();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}
