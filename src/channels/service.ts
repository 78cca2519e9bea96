import { type AgentKey, ownerKey } from '../agents/collection.ts';
import { type AgentService, notFound } from '../agents/service.ts';
import type { CatalogKind } from '../catalog/catalog.ts';
import type { ChannelManifest } from '../catalog/types.ts';
import type { Agent, AgentContent } from '../domain/agents.ts';
import {
  type CreateChannelInput,
  type Fields,
  requestBinding,
  type UpdateChannelInput,
  updateBinding,
} from '../domain/channel-requests.ts';
import {
  type AgentChannel,
  addChannelBinding,
  authIdsOf,
  type ChannelBinding,
  type ChannelMove,
  changeChannelBinding,
  channelBindingOf,
  disableChannelBinding,
  enableChannelBinding,
  moveChannelBinding,
  removeChannelBinding,
  withAgentId,
} from '../domain/channels.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import type { ItemChange } from '../domain/items.ts';
import { KeyedQueue } from '../records/keyed-queue.ts';
import { SecretUnreadable } from '../secrets/keyring.ts';
import type { SecretDoc, SecretStore } from '../secrets/secret-store.ts';
import type { Work } from '../work.ts';
import { channelEvents } from './events.ts';

type Version = number | null | undefined;

export interface ChannelParts {
  readonly agents: AgentService;
  readonly manifests: CatalogKind<ChannelManifest>;
  readonly secrets: SecretStore;
  readonly effects: Effects;
}

const MAX_ROTATIONS = 5;

/** Binds agents to channels; credentials are in the secret store, and nowhere else. */
export class ChannelService {
  readonly #parts: ChannelParts;
  readonly #rotations = new KeyedQueue();

  constructor(parts: ChannelParts) {
    this.#parts = parts;
  }

  /** @throws DomainError `request.invalid`, `channel.already_bound`, `agent.not_found`, `version.mismatch` */
  async create(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    input: CreateChannelInput,
  ): Promise<ItemChange<AgentChannel>> {
    const { agents, manifests, effects } = this.#parts;
    const rules = manifests.require(input.channel);
    const id = mintBindingId(effects);
    const asking = await agents.get(work, ref);
    // Refused before anything is sealed.
    const { auth } = requestBinding(asking, input, rules, id);
    const add = (it: Agent, authId: { authId?: string }) => {
      const asked = requestBinding(it, input, rules, id).binding;
      const added = addChannelBinding(it, { ...asked, ...authId }, 'operator', this.#now());
      return { agent: added.agent, item: withAgentId(added.agent, added.binding) };
    };
    return this.#changeWith(work, asking, auth, expectedVersion, add);
  }

  /** @throws DomainError `request.invalid`, `channel.not_found`, `channel.inputs_settled`, `secret.unreadable` … */
  update(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
    input: UpdateChannelInput,
  ): Promise<ItemChange<AgentChannel>> {
    if (input.auth) return this.#rotate(work, ref, expectedVersion, id, input);
    return this.#change(work, ref, expectedVersion, id, (binding) => {
      const rules = this.#parts.manifests.require(binding.channel);
      return updateBinding(binding, input, rules).binding;
    });
  }

  /** Answers with the last state. @throws DomainError `channel.not_found` … */
  delete(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
  ): Promise<ItemChange<AgentChannel>> {
    return this.#parts.agents.changeItem(
      work,
      ref,
      expectedVersion,
      (it) => removeChannelBinding(it, id),
      channelEvents,
      (before, after) => this.#secretWrites(before, after),
    );
  }

  /** @throws DomainError `channel.not_found`, `channel.move_refused` … */
  disable(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
  ): Promise<ItemChange<AgentChannel>> {
    return this.#change(work, ref, expectedVersion, id, (it) =>
      disableChannelBinding(it, this.#now()),
    );
  }

  /** @throws DomainError `channel.not_found`, `channel.move_refused` … */
  enable(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
  ): Promise<ItemChange<AgentChannel>> {
    return this.#change(work, ref, expectedVersion, id, (it) =>
      enableChannelBinding(it, this.#now()),
    );
  }

  /** For the operator who works on a request. @throws DomainError `channel.not_found`, `channel.move_refused` … */
  move(
    work: Work,
    ref: AgentKey,
    id: string,
    move: Omit<ChannelMove, 'at'>,
  ): Promise<ItemChange<AgentChannel>> {
    return this.#change(work, ref, undefined, id, (it) =>
      moveChannelBinding(it, { ...move, at: this.#now() }),
    );
  }

  /**
   * The credentials of an unmanaged binding, empty for a managed one: for the
   * runtime, which serves the channel. Never for an answer.
   *
   * @throws DomainError `agent.not_found`, `channel.not_found`
   * @throws SecretUnreadable
   */
  async runtimeAuth(work: Work, ref: AgentKey, id: string): Promise<Fields> {
    return untilNotOvertaken(async () => {
      const agent = await this.#parts.agents.get(work, ref);
      return this.#read(work, agent, id);
    });
  }

  #change(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
    fn: (binding: ChannelBinding) => ChannelBinding,
  ): Promise<ItemChange<AgentChannel>> {
    return this.#parts.agents.changeItem(
      work,
      ref,
      expectedVersion,
      (it) => changeChannelBinding(it, id, fn),
      channelEvents,
    );
  }

  /**
   * A patch of credentials is merged into those in force. Where another patch
   * came between, it is merged again into what that left.
   */
  #rotate(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
    input: UpdateChannelInput,
  ): Promise<ItemChange<AgentChannel>> {
    return this.#rotations.run(id, () =>
      untilNotOvertaken(() => this.#rotateOnce(work, ref, expectedVersion, id, input)),
    );
  }

  async #rotateOnce(
    work: Work,
    ref: AgentKey,
    expectedVersion: Version,
    id: string,
    input: UpdateChannelInput,
  ): Promise<ItemChange<AgentChannel>> {
    const before = await this.#parts.agents.get(work, ref);
    const { channel, authId: replaced } = channelBindingOf(before, id);
    const rules = this.#parts.manifests.require(channel);
    const stored = await this.#readable(work, before, id);
    const { auth } = updateBinding(channelBindingOf(before, id), input, rules, stored);
    return this.#changeWith(work, before, auth, expectedVersion, (it, authId) =>
      changeChannelBinding(it, id, (binding) => {
        if (binding.authId !== replaced) throw new Overtaken();
        return { ...updateBinding(binding, input, rules, stored).binding, ...authId };
      }),
    );
  }

  /** Stores credentials in the commit that makes a binding refer to them. */
  async #changeWith(
    work: Work,
    agent: Agent,
    auth: Fields | undefined,
    expectedVersion: Version,
    fn: (agent: Agent, authId: { authId?: string }) => ItemChange<AgentChannel>,
  ): Promise<ItemChange<AgentChannel>> {
    const { agents, secrets } = this.#parts;
    const sealed = auth && (await secrets.seal(ownerKey(agent), JSON.stringify(auth)));
    return agents.changeItem(
      work,
      { org: agent.org, id: agent.id },
      expectedVersion,
      (it) => {
        // A later agent of the same id is another owner.
        if (it.uid !== agent.uid) throw notFound(`${agent.org}/${agent.id}`);
        return fn(it, { ...(sealed && { authId: sealed.id }) });
      },
      channelEvents,
      (before, after) => this.#secretWrites(before, after, sealed && [sealed]),
    );
  }

  #secretWrites(before: Agent, after: Agent, sealed: readonly SecretDoc[] = []) {
    return this.#parts.secrets.writes({
      owner: ownerKey(after),
      before: authIdsOf(before),
      after: authIdsOf(after),
      sealed,
    });
  }

  /** @throws SecretUnreadable, Overtaken */
  async #read(work: Work, agent: Agent, id: string): Promise<Fields> {
    const { agents, secrets } = this.#parts;
    const { authId } = channelBindingOf(agent, id);
    if (authId === undefined) return {};
    const text = await secrets.read(work, ownerKey(agent), authId);
    if (text !== undefined) return JSON.parse(text) as Fields;
    const now = await agents.get(work, { org: agent.org, id: agent.id });
    if (channelBindingOf(now, id).authId !== authId) throw new Overtaken();
    throw new SecretUnreadable(`the store has no secret ${authId}`);
  }

  /** @throws DomainError `secret.unreadable`: a patch of them would lose the fields that it leaves out */
  async #readable(work: Work, agent: Agent, id: string): Promise<Fields> {
    try {
      return await this.#read(work, agent, id);
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      throw new DomainError(
        'secret.unreadable',
        'the stored credentials are lost, or the key that encrypted them is missing; create the channel again to replace them',
      );
    }
  }

  #now(): string {
    return this.#parts.effects.now().toISOString();
  }
}

/** What a new agent has: a web chat, in service at once. */
export function withWebchat(
  agent: AgentContent,
  manifests: CatalogKind<ChannelManifest>,
  effects: Effects,
): AgentContent {
  const request = { channel: 'webchat', mode: 'managed' } as const;
  const rules = manifests.require(request.channel);
  const { binding } = requestBinding(agent, request, rules, mintBindingId(effects));
  return addChannelBinding(agent, binding, 'system', effects.now().toISOString()).agent;
}

const ID_LENGTH = 20;

function mintBindingId(effects: Effects): string {
  return `chan_${effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
}

/** Other credentials came into force meanwhile. */
class Overtaken extends DomainError {
  constructor() {
    super('version.contended', 'the credentials were rotated at the same time; try again');
  }
}

/** Runs again where other credentials came into force meanwhile. */
async function untilNotOvertaken<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Overtaken) || attempt === MAX_ROTATIONS) throw error;
    }
  }
}
