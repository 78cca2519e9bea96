import { Button, Group, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useRead, useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { channelsTexts } from '../../texts/channels.ts';
import { channelNames, channelStatuses } from '../../texts/names.ts';
import { channelOf } from '../../ui/channel-name.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty, Lines, Loaded } from '../../ui/states.tsx';
import { ChannelBadge } from '../../ui/status-badge.tsx';
import { Time } from '../../ui/time.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { EditChannel } from './edit-channel.tsx';
import type { Binding, ChannelForm } from './forms.ts';
import {
  CHANNEL_FORMS,
  CHANNELS,
  DELETE_CHANNEL,
  DISABLE_CHANNEL,
  ENABLE_CHANNEL,
} from './queries.ts';
import { RequestChannel } from './request-channel.tsx';

/** A request is worked on by others: its status changes while one watches. */
const RENEW_EVERY_MS = 15_000;

export function ChannelsScreen() {
  const org = useOrg();
  const { agent } = useParams({ from: '/orgs/$org/agents/$agent/channels' });
  const query = useRead(CHANNELS, { org: org.id, agent }, { everyMs: RENEW_EVERY_MS });
  const forms = useRead(CHANNEL_FORMS, {}, { enabled: org.can('Query.catalog') }).data?.data.catalog
    ?.channels;
  return (
    <Loaded query={query} loading={<Lines count={4} height={140} />}>
      {(answer) => {
        const channels = answer.data.org?.agent?.channels;
        if (!channels) return <FieldFailure answer={answer} field="org" />;
        return (
          <Stack gap="md">
            <Group justify="flex-end" mih={36}>
              {org.can('createChannel') && forms && (
                <RequestChannel
                  agent={agent}
                  forms={forms}
                  bound={channels.map(({ channel }) => channel)}
                />
              )}
            </Group>
            {channels.length === 0 && <Empty {...channelsTexts.empty} />}
            <div className="overview">
              {channels.map((it) => (
                <ChannelPanel
                  key={it.id}
                  agent={agent}
                  binding={it}
                  form={forms?.find(({ id }) => channelOf(id) === it.channel)}
                />
              ))}
            </div>
          </Stack>
        );
      }}
    </Loaded>
  );
}

interface ChannelPanelProps {
  readonly agent: string;
  readonly binding: Binding;
  readonly form: ChannelForm | undefined;
}

function ChannelPanel({ agent, binding, form }: ChannelPanelProps) {
  const { channel, status, statusDetail, mode, provider, routingId, compliance, delivery } =
    binding;
  const delay = delivery?.minMessageDelayMs;
  const providerName =
    form?.unmanaged?.providers.find(({ id }) => id === provider)?.name ?? provider ?? '';
  return (
    <Panel title={channelNames[channel]} aside={<ChannelBadge status={status} />}>
      <Stack gap={4}>
        {statusDetail && (
          <Text size="sm" fw={600}>
            {statusDetail}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {mode === 'MANAGED' ? channelsTexts.managed : channelsTexts.unmanaged(providerName)}
        </Text>
        {routingId && (
          <Text size="sm" c="dimmed">
            {channelsTexts.routing(routingId)}
          </Text>
        )}
        {form?.carrierCompliance && (
          <Text size="sm" c="dimmed">
            {compliance?.enabled ? channelsTexts.complianceOn : channelsTexts.complianceOff}
          </Text>
        )}
        {delay !== null && delay !== undefined && (
          <Text size="sm" c="dimmed">
            {channelsTexts.delayOf(delay)}
          </Text>
        )}
      </Stack>
      <Story binding={binding} />
      <Actions agent={agent} binding={binding} form={form} />
    </Panel>
  );
}

/** The changes of the status, the last first. */
function Story({ binding: { channel, events } }: { readonly binding: Binding }) {
  return (
    <details className="story">
      <summary aria-label={channelsTexts.storyOf(channelNames[channel])}>
        {channelsTexts.story}
      </summary>
      <ol className="rows">
        {events.toReversed().map(({ at, actor, to, note }) => (
          <li key={`${at} ${to}`}>
            <div>
              <Text size="sm" fw={600}>
                {channelStatuses[to]}
              </Text>
              <Text size="xs" c="dimmed">
                <Time at={at} exact /> · {channelsTexts.actors[actor]}
              </Text>
              {note && <Text size="sm">{note}</Text>}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Actions({ agent, binding, form }: ChannelPanelProps) {
  const org = useOrg();
  const of = { org: org.id, agent, channel: binding.id };
  const name = channelNames[binding.channel];
  const enable = useWrite(ENABLE_CHANNEL);
  const disable = useWrite(DISABLE_CHANNEL);
  const remove = useWrite(DELETE_CHANNEL);
  return (
    <>
      <Group gap="xs" mt="sm">
        {org.can('updateChannel') && (
          <EditChannel org={org.id} agent={agent} binding={binding} form={form} />
        )}
        {org.can('disableChannel') && binding.status === 'ACTIVE' && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${channelsTexts.disable}: ${name}`}
            loading={disable.isPending}
            onClick={() => disable.mutate(of)}
          >
            {channelsTexts.disable}
          </Button>
        )}
        {org.can('enableChannel') && binding.status === 'DISABLED' && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${channelsTexts.enable}: ${name}`}
            loading={enable.isPending}
            onClick={() => enable.mutate(of)}
          >
            {channelsTexts.enable}
          </Button>
        )}
        {org.can('deleteChannel') && (
          <ConfirmButton
            label={channelsTexts.delete}
            about={name}
            question={channelsTexts.deleteQuestion(name)}
            consequence={channelsTexts.deleteConsequence}
            write={remove}
            onConfirm={(close) => remove.mutate(of, { onSuccess: close })}
          />
        )}
      </Group>
      <WriteError error={enable.error ?? disable.error} />
    </>
  );
}
