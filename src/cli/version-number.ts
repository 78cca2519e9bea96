import { InvalidArgumentError } from 'commander';

/**
 * The version of an agent that an argument names.
 *
 * @throws InvalidArgumentError
 */
export function versionNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a version.');
}
