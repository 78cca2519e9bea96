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

/** The part of the channels catalog that bindings are checked against. */
export interface ChannelRules {
  readonly managed: { readonly instant: boolean; readonly inputsSchema: FormSchema };
  readonly unmanaged?: { readonly providers: readonly ProviderRules[] };
  /** Whether its bindings have `compliance`. */
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

/** A binding, and the credentials to store for it. */
export interface BindingWithAuth<B> {
  readonly binding: B;
  readonly auth?: Fields;
}

/** The parts of an agent that pre-fill a request. */
type Requester = Pick<AgentContent, 'name' | 'description' | 'identity' | 'archivedRcs'>;

export const MIN_DELAY_MS = 250;
export const MAX_DELAY_MS = 3_000;
const ONLY_MANAGED = 'is for managed bindings only';
const ONLY_UNMANAGED = 'is for unmanaged bindings only';

/**
 * Checks a request for a binding against the forms of its channel.
 *
 * @param id of the new binding
 * @throws DomainError `request.invalid`
 */
export function requestBinding(
  agent: Requester,
  input: CreateChannelInput,
  rules: ChannelRules,
  id: string,
): BindingWithAuth<NewChannelBinding> {
  return input.mode === 'managed'
    ? requestManaged(agent, input, rules, id)
    : requestUnmanaged(input, rules, id);
}

/** Fields that the request leaves out are filled in from the archived binding, then from the agent. */
function requestManaged(
  agent: Requester,
  { channel, mode, provider, inputs, auth }: CreateChannelInput,
  { managed }: ChannelRules,
  id: string,
): BindingWithAuth<NewChannelBinding> {
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
): BindingWithAuth<NewChannelBinding> {
  const providers = unmanaged?.providers ?? [];
  if (providers.length === 0) {
    throw invalid([{ path: 'mode', message: `must be managed: ${channel} has no providers` }]);
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
 * A merge patch of a binding, of its inputs and of its credentials.
 *
 * @param stored the current credentials; needed only if the patch has `auth`
 * @returns `auth` if it changes: all credentials, merged
 * @throws DomainError `request.invalid`; `channel.inputs_settled` for inputs that carriers
 *   have verified: those of a binding in service whose channel is not provisioned at once
 */
export function updateBinding(
  binding: ChannelBinding,
  input: UpdateChannelInput,
  rules: ChannelRules,
  stored: Fields = {},
): BindingWithAuth<ChannelBinding> {
  const provider = rules.unmanaged?.providers.find(({ id }) => id === binding.provider);
  const auth = input.auth ? mergePatch<Fields>(stored, input.auth) : undefined;
  const inputs = mergePart<Fields>(binding.inputs, input.inputs);
  const delivery = mergePart(binding.delivery, input.delivery);
  const compliance = mergePart(binding.compliance ?? { enabled: false }, input.compliance);
  refuse([
    ...authProblems(input.auth, auth, provider),
    ...inputsProblems(binding, inputs, rules),
    ...deliveryProblems(delivery),
    ...complianceProblems(input.compliance, rules),
  ]);
  if (inputs !== undefined && !rules.managed.instant && wasInService(binding)) {
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
  { carrierCompliance }: ChannelRules,
): Problem[] {
  if (patch === undefined) return [];
  if (!carrierCompliance) {
    return [{ path: 'compliance', message: 'is for carrier channels (rcs and sms) only' }];
  }
  if (patch?.enabled !== null) return [];
  return [{ path: 'compliance.enabled', message: 'cannot be cleared' }];
}

/** A merge patch of one part of a binding. Null if the part is cleared or has no fields left. */
function mergePart<T extends object>(
  current: T | undefined,
  patch: Patch<T> | null | undefined,
): T | null | undefined {
  if (patch === undefined || patch === null) return patch;
  const merged = mergePatch<Partial<T>>(current ?? {}, patch as Patch<Partial<T>>);
  return Object.keys(merged).length > 0 ? (merged as T) : null;
}

/** The agent's values for the fields that the form pre-fills. A blank text says nothing. */
function seedsFor(form: FormSchema, agent: Requester): Fields {
  const seeds: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries((form.properties ?? {}) as Record<string, Fields>)) {
    const source = schema['x-seededFrom'];
    const value = typeof source === 'string' ? partOf(agent, source) : undefined;
    if (typeof value === 'string' && value.trim() !== '') seeds[field] = value;
  }
  return seeds;
}

/** @param path e.g. `name`, `identity.brandColor` */
function partOf(agent: Requester, path: string): unknown {
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
