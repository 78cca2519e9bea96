import type { AgentContent } from './agents.ts';
import type {
  ChannelBinding,
  ChannelCompliance,
  ChannelDelivery,
  ChannelMode,
  ChannelName,
} from './channels.ts';
import { type NewChannelBinding, wasInService } from './channels.ts';
import { DomainError, invalid, type Problem } from './errors.ts';
import { type FormSchema, formProblems } from './form.ts';
import { mergePatch, type Patch, setFields } from './patch.ts';

/** What the channels catalog says of a channel, as far as bindings go by it. */
export interface ChannelRules {
  readonly managed: { readonly instant: boolean; readonly inputsSchema: FormSchema };
  readonly unmanaged?: { readonly providers: readonly ProviderRules[] };
  /** Whether its bindings have a compliance block. */
  readonly carrierCompliance?: boolean;
}

interface ProviderRules {
  readonly id: string;
  readonly authSchema: FormSchema;
  /** The field of `auth` that is shown as `routingId`. */
  readonly routingIdFrom?: string;
}

/** A filled-in form. */
export type Fields = Readonly<Record<string, unknown>>;

export interface CreateChannelInput {
  readonly channel: ChannelName;
  readonly mode: ChannelMode;
  readonly provider?: string | null | undefined;
  readonly inputs?: Fields | null | undefined;
  readonly auth?: Fields | null | undefined;
}

export interface UpdateChannelInput {
  readonly inputs?: Fields | null | undefined;
  readonly auth?: Fields | null | undefined;
  readonly delivery?: Patch<ChannelDelivery> | null | undefined;
  readonly compliance?: Patch<ChannelCompliance> | null | undefined;
}

/** What a request comes to: the binding, and the credentials that go to the secret store. */
export interface Granted<B> {
  readonly binding: B;
  readonly auth?: Fields;
}

/** The agent that asks, as far as it pre-fills forms. */
type Asking = Pick<AgentContent, 'name' | 'description' | 'identity' | 'archivedRcs'>;

const MIN_DELAY_MS = 250;
const MAX_DELAY_MS = 3_000;
const ONLY_MANAGED = 'is for managed bindings only';
const ONLY_UNMANAGED = 'is for unmanaged bindings only';
const MAX_DISCLAIMER_LENGTH = 1_000;

/**
 * Checks a request for a binding by the forms of its channel.
 *
 * @param id the binding's
 * @throws DomainError `request.invalid`
 */
export function requestBinding(
  agent: Asking,
  input: CreateChannelInput,
  rules: ChannelRules,
  id: string,
): Granted<NewChannelBinding> {
  return input.mode === 'managed'
    ? requestManaged(agent, input, rules, id)
    : requestUnmanaged(input, rules, id);
}

/** The agent pre-fills what the request leaves out; so does the archived binding it brings back. */
function requestManaged(
  agent: Asking,
  { channel, mode, provider, inputs, auth }: CreateChannelInput,
  { managed }: ChannelRules,
  id: string,
): Granted<NewChannelBinding> {
  const archived = channel === 'rcs' ? agent.archivedRcs?.inputs : undefined;
  const filled = {
    ...seedsFor(managed.inputsSchema, agent),
    ...archived,
    ...setFields<Fields>(inputs ?? {}),
  };
  refuse([
    ...unlessAbsent('provider', provider, ONLY_UNMANAGED),
    ...unlessAbsent('auth', auth, ONLY_UNMANAGED),
    ...formProblems(managed.inputsSchema, filled, 'inputs'),
  ]);
  const status = managed.instant ? 'Active' : 'Requested';
  return {
    binding: {
      id,
      channel,
      mode,
      status,
      ...(Object.keys(filled).length > 0 && { inputs: filled }),
    },
  };
}

function requestUnmanaged(
  { channel, mode, provider, inputs, auth }: CreateChannelInput,
  { unmanaged }: ChannelRules,
  id: string,
): Granted<NewChannelBinding> {
  const providers = unmanaged?.providers ?? [];
  if (providers.length === 0) {
    throw invalid([{ path: 'mode', message: `must be managed: ${channel} takes no provider` }]);
  }
  const misplaced = unlessAbsent('inputs', inputs, ONLY_MANAGED);
  const chosen = providers.find((it) => it.id === provider);
  if (!chosen) {
    const message = `must be one of ${providers.map((it) => it.id).join(', ')}`;
    throw invalid([{ path: 'provider', message }, ...misplaced]);
  }
  const filled = setFields<Fields>(auth ?? {});
  refuse([...misplaced, ...formProblems(chosen.authSchema, filled, 'auth')]);
  const routing = routingOf(chosen, filled);
  return {
    binding: { id, channel, mode, status: 'Active', provider: chosen.id, ...routing },
    auth: filled,
  };
}

/**
 * A merge patch of a binding; of its inputs and credentials, field by field.
 *
 * @param stored the credentials in force, where the patch has some
 * @returns `auth` where it changes: the credentials as a whole
 * @throws DomainError `request.invalid`, `channel.inputs_settled`
 */
export function updateBinding(
  binding: ChannelBinding,
  input: UpdateChannelInput,
  rules: ChannelRules,
  stored: Fields = {},
): Granted<ChannelBinding> {
  const provider = rules.unmanaged?.providers.find(({ id }) => id === binding.provider);
  const auth = input.auth ? mergePatch<Fields>(stored, input.auth) : undefined;
  const inputs = mergePart<Fields>(binding.inputs, input.inputs);
  const delivery = mergePart(binding.delivery, input.delivery);
  const compliance = mergePart(binding.compliance ?? { enabled: false }, input.compliance);
  refuse([
    ...authProblems(input.auth, auth, provider),
    ...inputsProblems(binding, inputs, rules),
    ...deliveryProblems(delivery),
    ...complianceProblems(input.compliance, compliance, rules),
  ]);
  if (inputs !== undefined && wasInService(binding)) {
    throw new DomainError(
      'channel.inputs_settled',
      `the binding is ${binding.status}: its inputs can no longer be changed`,
    );
  }
  const routing = provider && auth ? routingOf(provider, auth) : {};
  const patched = mergePatch<ChannelBinding>(binding, {
    inputs,
    delivery,
    compliance,
    ...routing,
  });
  return { binding: patched, ...(auth && { auth }) };
}

function authProblems(
  patch: Fields | null | undefined,
  auth: Fields | undefined,
  provider: ProviderRules | undefined,
): Problem[] {
  if (patch === undefined) return [];
  if (!provider) return [{ path: 'auth', message: ONLY_UNMANAGED }];
  if (!auth) return [{ path: 'auth', message: 'cannot be cleared' }];
  return formProblems(provider.authSchema, auth, 'auth');
}

function inputsProblems(
  { mode }: ChannelBinding,
  inputs: Fields | null | undefined,
  { managed }: ChannelRules,
): Problem[] {
  if (inputs === undefined) return [];
  if (mode !== 'managed') return [{ path: 'inputs', message: ONLY_MANAGED }];
  return formProblems(managed.inputsSchema, inputs ?? {}, 'inputs');
}

function deliveryProblems(delivery: ChannelDelivery | null | undefined): Problem[] {
  const delay = delivery?.minMessageDelayMs ?? MIN_DELAY_MS;
  if (delay >= MIN_DELAY_MS && delay <= MAX_DELAY_MS) return [];
  const message = `must be from ${MIN_DELAY_MS} to ${MAX_DELAY_MS}`;
  return [{ path: 'delivery.minMessageDelayMs', message }];
}

function complianceProblems(
  patch: Patch<ChannelCompliance> | null | undefined,
  compliance: ChannelCompliance | null | undefined,
  { carrierCompliance }: ChannelRules,
): Problem[] {
  if (patch === undefined) return [];
  if (!carrierCompliance) {
    return [{ path: 'compliance', message: 'is for carrier channels (rcs and sms) only' }];
  }
  const problems: Problem[] = [];
  if (patch?.enabled === null) {
    problems.push({ path: 'compliance.enabled', message: 'cannot be cleared' });
  }
  if ((compliance?.disclaimerText?.length ?? 0) > MAX_DISCLAIMER_LENGTH) {
    const message = `may take ${MAX_DISCLAIMER_LENGTH} characters at the most`;
    problems.push({ path: 'compliance.disclaimerText', message });
  }
  return problems;
}

/** A merge patch of one part of a binding: null where it is cleared or nothing is left of it. */
function mergePart<T extends object>(
  current: T | undefined,
  patch: Patch<T> | null | undefined,
): T | null | undefined {
  if (patch === undefined || patch === null) return patch;
  const merged = mergePatch<Partial<T>>(current ?? {}, patch as Patch<Partial<T>>);
  return Object.keys(merged).length > 0 ? (merged as T) : null;
}

/** What the agent has for the fields that a form seeds; a value that does not fit is not taken. */
function seedsFor(form: FormSchema, agent: Asking): Fields {
  const seeds: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries((form.properties ?? {}) as Record<string, Fields>)) {
    const source = schema['x-seededFrom'];
    const value = typeof source === 'string' ? partOf(agent, source) : undefined;
    if (value !== undefined) seeds[field] = value;
  }
  for (const { path } of formProblems(form, seeds, 'seeds')) {
    const [, field = ''] = path.split(/[.[]/);
    delete seeds[field];
  }
  return seeds;
}

/** @param path e.g. `name`, `identity.brandColor` */
function partOf(agent: Asking, path: string): unknown {
  return path.split('.').reduce<unknown>((at, step) => (at as Fields | undefined)?.[step], agent);
}

function routingOf({ routingIdFrom }: ProviderRules, auth: Fields): { routingId?: string } {
  const value = routingIdFrom === undefined ? undefined : auth[routingIdFrom];
  return value === undefined ? {} : { routingId: String(value) };
}

function unlessAbsent(path: string, value: unknown, message: string): Problem[] {
  return value == null ? [] : [{ path, message }];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalid(problems);
}
