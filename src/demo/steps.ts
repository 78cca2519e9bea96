import { type AgentKey, ownerKey } from '../agents/collection.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Agent } from '../domain/agents.ts';
import type { CreateChannelInput } from '../domain/channel-requests.ts';
import { type ChannelMove, type ChannelName, channelsOf } from '../domain/channels.ts';
import type { GivenBinding } from '../domain/tool-config.ts';
import type { Tokens } from '../oauth/provider-client.ts';
import { applyingTemplate } from '../plans/catalog-changes.ts';
import type { Services } from '../services.ts';
import type { Work } from '../work.ts';
import type { AuthorName } from './authors.ts';

const MINUTE_MS = 60 * 1_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Where and when a step is done. */
export interface Scene {
  readonly services: Services;
  readonly work: Work;
  readonly ref: AgentKey;
  /** Milliseconds since 1970: the time of the step. */
  readonly at: number;
  /** Milliseconds since 1970: the end of the demo's past. */
  readonly now: number;
}

/** One change of the demo's past. */
export interface Step {
  /** @param now milliseconds since 1970 @returns the time of the step, also */
  readonly at: (now: number) => number;
  readonly by: AuthorName;
  readonly agent: string;
  readonly message?: string;
  readonly run: (scene: Scene) => Promise<unknown>;
}

/**
 * A time on an earlier day.
 *
 * @param days before that of now
 * @param time UTC, as HH:MM
 */
export function on(days: number, time: string): Step['at'] {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const sinceMidnight = hours * HOUR_MS + minutes * MINUTE_MS;
  return (now) => Math.floor(now / DAY_MS) * DAY_MS - days * DAY_MS + sinceMidnight;
}

/** A time on a later day. @param days at least 1 @param time UTC, as HH:MM */
export function ahead(days: number, time: string): Step['at'] {
  return on(-days, time);
}

/** Applies a template of the catalog. */
export function template(name: string): Step['run'] {
  return ({ services: { plans, catalog }, work, ref }) => {
    const applying = applyingTemplate(`@anychat/agent-template.${name}`, catalog);
    return plans.carryOut(work, ref, undefined, applying, undefined);
  };
}

export function edit(fn: (agent: Agent, catalog: Catalog) => Agent): Step['run'] {
  return ({ services: { agents, catalog }, work, ref }) =>
    agents.change(work, ref, undefined, (it) => fn(it, catalog));
}

export function request(input: CreateChannelInput): Step['run'] {
  return ({ services, work, ref }) => services.channels.create(work, ref, undefined, input);
}

/** Moves the agent's binding of a channel. */
export function move(
  channel: ChannelName,
  to: ChannelMove['to'],
  about: Pick<ChannelMove, 'detail' | 'note' | 'routingId'> = {},
): Step['run'] {
  return async (scene) => {
    const { services, work, ref } = scene;
    const id = await bindingOf(scene, channel);
    return services.channels.move(work, ref, id, { ...about, to, actor: 'sysop' });
  };
}

/** @throws Error if the agent has none */
export async function bindingOf(
  { services, work, ref }: Scene,
  channel: ChannelName,
): Promise<string> {
  const bound = channelsOf(await services.agents.get(work, ref));
  const binding = bound.find((it) => it.channel === channel);
  if (!binding) throw new Error(`${ref.id} has no binding of ${channel}`);
  return binding.id;
}

/** Binds a tool, or replaces its configuration. */
export function configure(tool: string, config: GivenBinding['config']): Step['run'] {
  return ({ services, work, ref }) =>
    services.toolBindings.configure(work, ref, undefined, toolId(tool), 'replace', { config });
}

/** @param tokensAt returns the tokens of the grant that ends at the step */
export function connect(
  tool: string,
  provider: string,
  tokensAt: (at: number) => Tokens,
): Step['run'] {
  return async ({ services, work, ref, at }) => {
    const owner = await services.agents.owner(work, ref);
    const grant = { agent: ref, owner: ownerKey(owner), toolId: toolId(tool), provider };
    await services.oauthGrants.connect(work, grant, tokensAt(at));
  };
}

export function toolId(name: string): string {
  return `@anychat/tool.${name}`;
}
