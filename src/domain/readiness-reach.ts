import type { ChannelBinding, ChannelBindingStatus } from './channels.ts';
import type { AgentMessageTemplate } from './message-templates.ts';
import { usesRemaining } from './outreach-links.ts';
import type { Finding, ReadinessAgent, ReadinessCode, ReadinessContext } from './readiness.ts';
import { slotValues } from './slot-values.ts';
import { parseBody } from './slots.ts';

/** The prefix of slots that read the agent. */
const AGENT = 'agent.';

const STATUSES: Readonly<
  Record<ChannelBindingStatus, readonly [ReadinessCode, string] | undefined>
> = {
  Requested: ['channel.pending', 'is requested and not in service yet'],
  Provisioning: ['channel.pending', 'is being provisioned and not in service yet'],
  ActionRequired: ['channel.action_required', 'needs an action from you'],
  Active: undefined,
  Failed: ['channel.failed', 'failed'],
  Disabled: undefined,
};

export function channelFindings(
  { channels = [] }: ReadinessAgent,
  { unreadable }: Pick<ReadinessContext, 'unreadable'>,
): readonly Finding[] {
  const isReachable = channels.some(({ status }) => status === 'Active');
  const message = 'no channel is in service: the agent cannot be reached';
  return [
    ...channels.flatMap((binding) => bindingFindings(binding, unreadable)),
    ...(isReachable ? [] : [{ code: 'channel.none_active' as const, field: 'channels', message }]),
  ];
}

function bindingFindings(
  binding: ChannelBinding,
  unreadable: ReadonlySet<string>,
): readonly Finding[] {
  return [...credentialFindings(binding, unreadable), ...statusFindings(binding)];
}

/** A disabled binding is enabled with the credentials that it has. */
function credentialFindings(
  { id, channel, authId }: ChannelBinding,
  unreadable: ReadonlySet<string>,
): readonly Finding[] {
  if (authId === undefined || !unreadable.has(authId)) return [];
  return [
    {
      code: 'channel.credentials_unreadable',
      id,
      field: `channels[${id}].auth`,
      message: `the stored credentials of the channel ${channel} cannot be read: delete the channel and create it again`,
    },
  ];
}

function statusFindings({
  id,
  channel,
  mode,
  status,
  statusDetail,
}: ChannelBinding): readonly Finding[] {
  const problem = STATUSES[status];
  if (!problem) return [];
  const [code, text] = problem;
  const part = code === 'channel.action_required' && mode === 'managed' ? '.inputs' : '';
  const why = statusDetail ? `: ${statusDetail}` : '';
  return [
    { code, id, field: `channels[${id}]${part}`, message: `the channel ${channel} ${text}${why}` },
  ];
}

/** The problems of the greeting, and of links that can still be redeemed. */
export function outreachFindings(
  agent: ReadinessAgent,
  { links }: ReadinessContext,
  now: Date,
): readonly Finding[] {
  const active = new Set(
    agent.channels?.filter(({ status }) => status === 'Active').map(({ id }) => id),
  );
  const open = links.filter(
    (link) => !link.disabled && link.expiresAt > now.toISOString() && usesRemaining(link) > 0,
  );
  return [
    ...greetingFindings(agent),
    ...open
      .filter(({ bindingId }) => !active.has(bindingId))
      .map(
        ({ id, bindingId }): Finding => ({
          code: 'outreach.link_channel_inactive',
          id,
          field: `channels[${bindingId}]`,
          message: `the channel of the outreach link '${id}' is not in service`,
        }),
      ),
  ];
}

function greetingFindings(agent: ReadinessAgent): readonly Finding[] {
  const id = agent.outreach?.greetingTemplateId;
  if (id === undefined) return [];
  const template = agent.messageTemplates?.find((it) => it.id === id);
  if (template) return blockedBy(agent, template);
  return [
    {
      code: 'outreach.greeting_missing',
      id,
      field: 'outreach.greetingTemplateId',
      message: `the greeting is the message template '${id}', which does not exist`,
    },
  ];
}

function blockedBy(agent: ReadinessAgent, template: AgentMessageTemplate): readonly Finding[] {
  const { id } = template;
  return blockingSlots(agent, template).map(({ path, field }) => ({
    code: 'outreach.greeting_blocked',
    id,
    field,
    message: `the greeting '${id}' cannot be sent: it needs {${path}}, which is not set`,
  }));
}

/** Missing fields of the agent without which a message cannot be sent to anybody. */
export function blockingSlots(
  agent: ReadinessAgent,
  { body, defaultOnMissingSlot = 'omit-sentence' }: AgentMessageTemplate,
): readonly { readonly path: string; readonly field: string }[] {
  // Any name will do: an org always has one.
  const valueAt = slotValues(agent, 'org', {});
  const blocking = parseBody(body).body.flatMap((part) => {
    if (typeof part === 'string' || !part.path.startsWith(AGENT)) return [];
    const { path, fallback = { policy: defaultOnMissingSlot } } = part;
    const isNeeded = 'policy' in fallback && fallback.policy !== 'omit-sentence';
    return isNeeded && valueAt(path) === undefined ? [path] : [];
  });
  return [...new Set(blocking)].map((path) => ({
    path,
    field: `identity.${path.slice(AGENT.length)}`,
  }));
}
