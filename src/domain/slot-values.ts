import type { Agent } from './agents.ts';
import { IDENTITY_FIELDS } from './identity-fields.ts';
import type { Person } from './people.ts';

/** The fields of a person that a slot can read, besides `customFields.<key>`. */
export const PERSON_SLOTS = [
  'id',
  'fullName',
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'title',
  'status',
  'source',
  'notes',
  'assignedRepresentativeId',
  'scheduledCallAt',
  'scheduledCallTimezone',
] as const satisfies readonly (keyof Person)[];

/** The parts of a person that slots read. */
export type SlotPerson = { readonly [field in (typeof PERSON_SLOTS)[number]]?: string } & {
  readonly customFields?: Readonly<Record<string, string>>;
};

/** The fields that a slot can read under `agent`: its name, its org's name and its identity. */
export const AGENT_SLOTS = ['name', 'companyName', ...IDENTITY_FIELDS];

/** The value of a slot by its path; undefined if there is none. */
export type SlotValues = (path: string) => string | undefined;

const CUSTOM = 'customFields.';

/**
 * The values of all slots. A blank value counts as missing.
 *
 * @param companyName the name of the agent's org
 */
export function slotValues(
  agent: Pick<Agent, 'identity' | 'name'>,
  companyName: string,
  person: SlotPerson,
): SlotValues {
  const agentValues = { ...agent.identity, name: agent.name, companyName };
  return (path) => {
    const [root, field] = splitOnce(path);
    if (root === 'agent') return textAt(agentValues, field);
    if (!field.startsWith(CUSTOM)) return textAt(person, field);
    return textAt(person.customFields ?? {}, field.slice(CUSTOM.length));
  };
}

function textAt(values: object, field: string): string | undefined {
  const value = Object.hasOwn(values, field)
    ? (values as Record<string, unknown>)[field]
    : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function splitOnce(path: string): [string, string] {
  const dot = path.indexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}
