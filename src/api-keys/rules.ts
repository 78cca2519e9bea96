import type { Membership } from '../auth/principal.ts';
import { effectiveScopes, meetsFloor, type Role, type Scope } from '../auth/rights.ts';
import { DomainError, invalid } from '../domain/errors.ts';
import { mergePatch, setFields } from '../domain/patch.ts';
import type { ApiKeyDoc } from './collection.ts';

export interface CreateApiKeyInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly scopes?: readonly Scope[] | null | undefined;
  readonly expiresAt?: string | null | undefined;
}

export interface UpdateApiKeyInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly scopes?: readonly Scope[] | null | undefined;
  readonly expiresAt?: string | null | undefined;
}

/** What a key's issuer says of it. */
export type ApiKeyContent = Pick<
  ApiKeyDoc,
  'name' | 'description' | 'role' | 'scopes' | 'expiresAt'
>;

/**
 * A new key can do no more than its issuer: it has the issuer's role, and
 * scopes that the issuer holds; none unless some are asked for.
 *
 * @throws DomainError `auth.scope_missing`, `request.invalid` on an expiry that has passed
 */
export function newApiKey(issuer: Membership, input: CreateApiKeyInput, now: Date): ApiKeyContent {
  const scopes = distinct(input.scopes ?? []);
  assertHeld(issuer, scopes);
  assertAhead(input.expiresAt, now);
  return {
    name: input.name,
    role: issuer.role,
    scopes,
    ...setFields<Pick<ApiKeyDoc, 'description' | 'expiresAt'>>({
      description: input.description,
      expiresAt: input.expiresAt,
    }),
  };
}

/**
 * A merge patch. A key keeps what it can do. Its editor must have its role or a higher one, must
 * hold every scope that it gains, and, if it is valid for longer than before, all of its scopes.
 *
 * @throws DomainError as `newApiKey` and `assertMayChange`
 */
export function updateApiKey(
  key: ApiKeyDoc,
  editor: Membership,
  input: UpdateApiKeyInput,
  now: Date,
): ApiKeyDoc {
  assertMayChange(editor.role, key);
  if (input.name === null) throw invalid([{ path: 'name', message: 'cannot be cleared' }]);
  const scopes = input.scopes === undefined ? undefined : distinct(input.scopes ?? []);
  const had = effectiveScopes(key.scopes);
  assertHeld(
    editor,
    (scopes ?? []).filter((scope) => !had.has(scope)),
  );
  if (isValidLonger(key, input)) assertHeld(editor, scopes ?? key.scopes, 'expiresAt');
  if (input.expiresAt !== key.expiresAt) assertAhead(input.expiresAt, now);
  const { name, description, expiresAt } = input;
  return mergePatch<ApiKeyDoc>(key, { name, description, expiresAt, scopes });
}

/** @throws DomainError `auth.role_insufficient` if the key's role is above the caller's */
export function assertMayChange(caller: Role, { role }: Pick<ApiKeyDoc, 'role'>): void {
  if (meetsFloor(caller, role)) return;
  throw new DomainError(
    'auth.role_insufficient',
    `your role is ${caller}: you cannot change or remove an API key whose role is ${role}`,
  );
}

function isValidLonger(key: ApiKeyDoc, { expiresAt }: UpdateApiKeyInput): boolean {
  if (expiresAt === undefined || key.expiresAt === undefined) return false;
  return expiresAt === null || expiresAt > key.expiresAt;
}

/** @param path of the field that would give the key these scopes */
function assertHeld(holder: Membership, scopes: readonly Scope[], path = 'scopes'): void {
  const missing = scopes.filter((scope) => !holder.scopes.has(scope));
  if (missing.length === 0) return;
  throw new DomainError(
    'auth.scope_missing',
    `a key can be given no scope that its issuer lacks: ${missing.join(', ')}`,
    missing.map((scope) => ({ path, message: `you lack ${scope}` })),
  );
}

function assertAhead(expiresAt: string | null | undefined, now: Date): void {
  if (expiresAt == null || expiresAt > now.toISOString()) return;
  throw invalid([{ path: 'expiresAt', message: 'must be in the future' }]);
}

function distinct(scopes: readonly Scope[]): readonly Scope[] {
  return [...new Set(scopes)];
}
