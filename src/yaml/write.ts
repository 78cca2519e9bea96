import { stringify } from 'yaml';

/** A value as YAML 1.2: long lines stay whole, and nothing is an alias. */
export function writeYaml(value: unknown): string {
  return stringify(value, { schema: 'core', lineWidth: 0, aliasDuplicateObjects: false });
}
