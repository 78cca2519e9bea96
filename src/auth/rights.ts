/** Roles, lowest first; a floor means that role or above (decisions, section 2). */
export const ROLES = ['viewer', 'editor', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = [
  'agents:read',
  'agents:write',
  'people:read',
  'people:write',
  'knowledge:read',
  'messages:read',
  'catalogs:read',
  'templates:apply',
  'webhooks:manage',
  'org:admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a field demands. `null` demands nothing of that kind; a token is always demanded. */
export interface Right {
  readonly role: Role | null;
  /** Of a list, any one. */
  readonly scope: Scope | readonly Scope[] | null;
}

/** The scopes of which a right demands one; empty if it demands none. */
export function scopesOf({ scope }: Right): readonly Scope[] {
  if (scope === null) return [];
  return typeof scope === 'string' ? [scope] : scope;
}

const READS: readonly Scope[] = [
  'agents:read',
  'people:read',
  'knowledge:read',
  'messages:read',
  'catalogs:read',
];
const WRITES: readonly Scope[] = ['agents:write', 'people:write', 'templates:apply'];
const ADMINISTERS: readonly Scope[] = ['webhooks:manage', 'org:admin'];

const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: READS,
  editor: [...READS, ...WRITES],
  admin: [...READS, ...WRITES, ...ADMINISTERS],
  owner: [...READS, ...WRITES, ...ADMINISTERS],
};

const IMPLIED: Readonly<Partial<Record<Scope, Scope>>> = {
  'agents:write': 'agents:read',
  'people:write': 'people:read',
};

export function scopesOfRole(role: Role): readonly Scope[] {
  return SCOPES_OF_ROLE[role];
}

export function meetsFloor(role: Role, floor: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(floor);
}

/** What every token holds, in every org and outside of them. */
export const EVERYONES_SCOPES: ReadonlySet<Scope> = new Set(['catalogs:read']);

/**
 * The scopes that are in effect for a list of granted ones: a write scope implies its
 * read scope, and `catalogs:read` is always included (reference, "Scope rules").
 */
export function effectiveScopes(granted: readonly Scope[]): ReadonlySet<Scope> {
  const effective = new Set<Scope>(EVERYONES_SCOPES);
  for (const scope of granted) {
    effective.add(scope);
    const implied = IMPLIED[scope];
    if (implied) effective.add(implied);
  }
  return effective;
}
