import { Anchor, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { toolsTexts } from '../../texts/tools.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Time } from '../../ui/time.tsx';
import { WriteError } from '../../ui/write-error.tsx';
import { DISCONNECT, START_OAUTH } from './queries.ts';
import type { Binding, ToolRef } from './refs.ts';

const POPUP = 'popup,width=560,height=720';

interface GrantProps {
  readonly of: ToolRef;
  readonly name: string;
  readonly grant: NonNullable<Binding['oauth']>;
  /** Called when the operator was sent to the provider: the grant changes while one watches. */
  readonly onStarted: () => void;
}

/** The OAuth grant of a tool: it is given at the provider, in a window of its own. */
export function Grant({ of, name, grant, onStarted }: GrantProps) {
  const org = useOrg();
  const [provider, setProvider] = useState<{ url: string; isBlocked: boolean }>();
  const start = useWrite(START_OAUTH);
  const disconnect = useWrite(DISCONNECT);
  const isConnected = grant.state === 'CONNECTED';
  const connect = () => {
    // Opened in the click itself: browsers block what is opened later.
    const popup = window.open('', '_blank', POPUP);
    start.mutate(of, {
      onError: () => popup?.close(),
      onSuccess: ({ startToolOAuth }) => {
        if (!startToolOAuth) return;
        const url = startToolOAuth.authorizationUrl;
        setProvider({ url, isBlocked: popup === null });
        if (popup) {
          popup.opener = null;
          popup.location.href = url;
        }
        onStarted();
      },
    });
  };
  return (
    <>
      {grant.lastError && (
        <Text size="sm" fw={600}>
          {grant.lastError}
        </Text>
      )}
      {isConnected && (
        <Text size="sm" c="dimmed">
          {toolsTexts.connectedAt} <Time at={grant.connectedAt} />
        </Text>
      )}
      {provider && !isConnected && (
        <Text size="sm" role="status">
          {provider.isBlocked ? (
            <>
              {toolsTexts.blocked}{' '}
              <Anchor href={provider.url} target="_blank" rel="noopener" underline="always">
                {toolsTexts.openProvider}
              </Anchor>
            </>
          ) : (
            toolsTexts.connecting
          )}
        </Text>
      )}
      <Group gap="xs" mt={4}>
        {org.can('startToolOAuth') && !isConnected && (
          <Button
            size="compact-sm"
            aria-label={`${toolsTexts.connect}: ${name}`}
            loading={start.isPending}
            onClick={connect}
          >
            {grant.state === 'NOT_CONNECTED' ? toolsTexts.connect : toolsTexts.reconnect}
          </Button>
        )}
        {org.can('disconnectToolOAuth') && grant.state !== 'NOT_CONNECTED' && (
          <ConfirmButton
            label={toolsTexts.disconnect}
            about={name}
            question={toolsTexts.disconnectQuestion(name)}
            consequence={toolsTexts.disconnectConsequence}
            write={disconnect}
            onConfirm={(close) => disconnect.mutate(of, { onSuccess: close })}
          />
        )}
      </Group>
      <WriteError error={start.error} />
    </>
  );
}
