import { Code, Stack, Text, Title } from '@mantine/core';
import { useRead } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { webhooksTexts } from '../../texts/webhooks.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { Lines, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { DELIVERY } from './queries.ts';

interface DeliveryDetailsProps {
  readonly webhook: string;
  readonly delivery: string;
  /** The name of what happened. */
  readonly event: string;
  readonly onClose: () => void;
}

/** What was sent, and what each attempt was answered. */
export function DeliveryDetails({ webhook, delivery: id, event, onClose }: DeliveryDetailsProps) {
  const org = useOrg();
  const query = useRead(DELIVERY, { org: org.id, webhook, delivery: id });
  return (
    <Dialog title={webhooksTexts.detailsTitle(event)} isOpen size="lg" onClose={onClose}>
      <Loaded query={query} loading={<Lines count={8} />}>
        {(answer) => {
          const delivery = answer.data.org?.webhook?.delivery;
          if (!delivery) return <FieldFailure answer={answer} field="org" />;
          return (
            <Stack gap="sm">
              <Text size="sm">
                {webhooksTexts.event}: <Code>{id}</Code>
              </Text>
              {delivery.requestId && (
                <Text size="sm">
                  {webhooksTexts.request}: <Code>{delivery.requestId}</Code>
                </Text>
              )}
              <Title order={3} size="h6">
                {webhooksTexts.body}
              </Title>
              <Code block className="secret" tabIndex={0}>
                {indented(delivery.requestBody)}
              </Code>
              <Title order={3} size="h6">
                {webhooksTexts.attempts}
              </Title>
              {delivery.attempts.length === 0 && <Text>{webhooksTexts.noAttempts}</Text>}
              <ul className="rows">
                {delivery.attempts.map((it) => (
                  <li key={it.at}>
                    <div>
                      <Text size="sm">
                        <Time at={it.at} exact />
                      </Text>
                      <Text size="sm" fw={600}>
                        {it.error ?? webhooksTexts.answered(it.statusCode ?? 0)}
                      </Text>
                      {it.responseBody && (
                        <Code block className="secret" tabIndex={0}>
                          {it.responseBody}
                        </Code>
                      )}
                    </div>
                    <Text size="sm" c="dimmed">
                      {webhooksTexts.took(it.durationMs)}
                    </Text>
                  </li>
                ))}
              </ul>
            </Stack>
          );
        }}
      </Loaded>
    </Dialog>
  );
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    // A body that is not JSON is shown as it is.
    return body;
  }
}
