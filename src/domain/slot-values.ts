import type { Agent } from './agents.ts';
import type { AgentIdentity } from './identity.ts';
import type { Person } from './people.ts';

/** The text fields of a Person that a slot may read, next to `customFields.<key>`. */
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

/** What a slot reads of a Person. */
export type SlotPerson = { readonly [field in (typeof PERSON_SLOTS)[number]]?: string } & {
  readonly customFields?: Readonly<Record<string, string>>;
};

const IDENTITY_SLOTS = [
  'smallLogoUrl',
  'largeBannerUrl',
  'brandColor',
  'contactEmail',
  'contactPhone',
  'websiteUrl',
  'privacyPolicyUrl',
  'termsOfServiceUrl',
  'contactAvailability',
  'identityPreamble',
] as const satisfies readonly (keyof AgentIdentity)[];

/** What a slot may read under `agent`: its name, its org's name, and the identity. */
export const AGENT_SLOTS = ['name', 'companyName', ...IDENTITY_SLOTS] as const;

/** The value at a slot's path; undefined where there is none. */
export type SlotValues = (path: string) => string | undefined;

const CUSTOM = 'customFields.';

/**
 * The values of every slot. A blank one counts as missing.
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
