import { invalid, type Problem } from './errors.ts';
import { type FormSchema, formProblems } from './form.ts';
import { fixedProblems } from './items.ts';
import { clearedProblems } from './patch.ts';
import {
  type AgentToolBinding,
  type BindableTool,
  emptyToolBinding,
  type SecretRef,
  secretFieldsOf,
} from './tool-bindings.ts';

type Json = Readonly<Record<string, unknown>>;

/** A binding from a caller. */
export interface GivenBinding {
  /** May be sent back as it was read. */
  readonly toolId?: string | null | undefined;
  /** Kept if it is not given; true for a new binding. */
  readonly enabled?: boolean | null | undefined;
  readonly config: Json;
}

/** A binding from a caller, and how to apply it. */
export interface GivenConfig extends GivenBinding {
  readonly tool: BindableTool;
  /** `replace` removes fields of the config that are not given. `merge` is a merge patch. */
  readonly mode: 'replace' | 'merge';
}

/** Bytes of a secret as JSON. */
const MAX_SECRET_BYTES = 16_384;
const HINT_LENGTH = 4;

/** By field: the new write-only values of a config, as text for the secret store. */
export function newSecrets({ tool, config }: GivenConfig): ReadonlyMap<string, string> {
  return new Map(
    [...secretFieldsOf(tool)]
      .filter((field) => isNewSecret(given(config, field)))
      .map((field) => [field, JSON.stringify(config[field])]),
  );
}

/** A write-only value from its text in the secret store. */
export function secretValue(text: string): unknown {
  return JSON.parse(text) as unknown;
}

/**
 * The binding with the given config and, if it is given, `enabled`. A write-only field that
 * is sent back as it was read keeps its value; `null` clears a field. Required fields may be
 * missing.
 *
 * @param current undefined if the tool is not bound yet
 * @param secretIds the ids of the new secrets in the secret store, by field
 * @param at ISO-8601
 * @throws DomainError `request.invalid` with every problem
 */
export function configured(
  current: AgentToolBinding | undefined,
  change: GivenConfig,
  secretIds: ReadonlyMap<string, string>,
  at: string,
): AgentToolBinding {
  const { tool } = change;
  const { secrets: stored = {}, ...rest } = current ?? emptyToolBinding(tool.id);
  const enabled = change.enabled ?? rest.enabled;
  const config = plainConfig(rest.config, change);
  const problems = [
    ...fixedProblems(rest, change, ['toolId']),
    ...clearedProblems(change, ['enabled']),
    ...configProblems(change, config),
  ];
  if (problems.length > 0) throw invalid(problems);
  const secrets = secretRefs(stored, change, secretIds, at);
  return { ...rest, enabled, config, ...(Object.keys(secrets).length > 0 && { secrets }) };
}

/** The end of a value, for people to recognise it: at most a third of the value. */
export function hintOf(value: unknown): string {
  const characters = typeof value === 'string' ? [...value] : [];
  const shown = Math.min(HINT_LENGTH, Math.floor(characters.length / 3));
  return `…${characters.slice(characters.length - shown).join('')}`;
}

/** The values of a config that are not write-only, with `null` for a field applied. */
export function plainConfig(current: Json, { tool, mode, config }: GivenConfig): Json {
  const secrets = secretFieldsOf(tool);
  const plain = Object.fromEntries(Object.entries(config).filter(([name]) => !secrets.has(name)));
  return mergeJson(mode === 'merge' ? current : {}, plain);
}

/** JSON Merge Patch (RFC 7396), also of nested objects. */
function mergeJson(current: unknown, patch: Json): Json {
  const merged = new Map<string, unknown>(isObject(current) ? Object.entries(current) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergeJson(merged.get(name), value) : value);
  }
  // `Object.fromEntries` defines any property, `__proto__` too.
  return Object.fromEntries(merged);
}

/**
 * Every problem of a config, paths starting with `config`. A missing field is none.
 *
 * @param plain its values that are not write-only, as they would be stored
 */
export function configProblems(change: GivenConfig, plain: Json): readonly Problem[] {
  const { tool, config } = change;
  const secrets = [...newSecrets(change)];
  const values = secrets.map(([field]) => [field, config[field]] as const);
  return [
    ...formProblems(partial(tool), { ...plain, ...Object.fromEntries(values) }, 'config'),
    ...secrets
      .filter(([, text]) => Buffer.byteLength(text) > MAX_SECRET_BYTES)
      .map(([field]) => ({
        path: `config.${field}`,
        message: `must have at most ${MAX_SECRET_BYTES} bytes`,
      })),
  ];
}

function secretRefs(
  stored: Readonly<Record<string, SecretRef>>,
  { tool, mode, config }: GivenConfig,
  ids: ReadonlyMap<string, string>,
  at: string,
): Readonly<Record<string, SecretRef>> {
  const refs = new Map(mode === 'merge' ? Object.entries(stored) : []);
  for (const field of secretFieldsOf(tool)) {
    const value = given(config, field);
    const kept = Object.hasOwn(stored, field) ? stored[field] : undefined;
    if (isNewSecret(value)) {
      refs.set(field, { id: ids.get(field) ?? '', hint: hintOf(value), updatedAt: at });
    } else if (value === null) refs.delete(field);
    else if (isRedacted(value) && kept) refs.set(field, kept);
  }
  return Object.fromEntries(refs);
}

function given(config: Json, field: string): unknown {
  return Object.hasOwn(config, field) ? config[field] : undefined;
}

function isNewSecret(value: unknown): boolean {
  return value !== undefined && value !== null && !isRedacted(value);
}

/** Whether the value is a `RedactedSecret` that was sent back. */
function isRedacted(value: unknown): boolean {
  if (!isObject(value) || value.configured !== true) return false;
  return Object.keys(value).every((name) => ['configured', 'hint', 'updatedAt'].includes(name));
}

/** By form: the same form without required fields. */
const partials = new WeakMap<FormSchema, FormSchema>();
const NO_FIELDS: FormSchema = { type: 'object', additionalProperties: false };

function partial({ configSchema }: BindableTool): FormSchema {
  if (!configSchema) return NO_FIELDS;
  const known = partials.get(configSchema);
  if (known) return known;
  const { required, $id, ...rest } = configSchema;
  partials.set(configSchema, rest);
  return rest;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
