import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError, TokenRefused, Unreachable } from '../graphql/errors.ts';
import { common } from '../texts/common.ts';
import { Icon, type IconName } from './icons.tsx';
import { ButtonLink } from './links.tsx';

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly body?: string;
  readonly children?: ReactNode;
}

function Message({ icon, title, body, children }: MessageProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" className="message">
      <Text c="dimmed" component="span">
        <Icon name={icon} size={32} />
      </Text>
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      {body && (
        <Text c="dimmed" ta="center" maw="32rem" className="sentence">
          {body}
        </Text>
      )}
      {children && <Group mt="xs">{children}</Group>}
    </Stack>
  );
}

/** There is nothing to show yet; children are what the operator can do about it. */
export function Empty(props: Omit<MessageProps, 'icon'>) {
  return <Message icon="empty" {...props} />;
}

/** The caller lacks the right. `reason` is the server's message. */
export function Denied({ reason }: { readonly reason?: string | undefined }) {
  return (
    <Message icon="lock" {...common.denied}>
      {reason && (
        <Text size="sm" c="dimmed" className="sentence">
          {reason}
        </Text>
      )}
    </Message>
  );
}

export function NotFound() {
  return (
    <Message icon="search" title={common.notFound.title} body={common.notFound.body}>
      <ButtonLink to="/" variant="default">
        {common.notFound.back}
      </ButtonLink>
    </Message>
  );
}

/** A view or a part of it could not be loaded. */
export function Failed({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  if (error instanceof ApiError && error.isDenied) return <Denied reason={error.message} />;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <Message icon="alert" title={common.failed.title} body={error.message}>
      {retry && (
        <Button variant="default" onClick={retry}>
          {common.retry}
        </Button>
      )}
    </Message>
  );
}

/** Lines of about the height of what is being loaded, so that nothing moves when it arrives. */
export function Lines({
  count = 5,
  height = 16,
}: {
  readonly count?: number;
  readonly height?: number;
}) {
  return (
    <Stack gap="sm" aria-hidden="true">
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={at} height={height} />
      ))}
    </Stack>
  );
}

interface LoadedProps<Data> {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: Error | null;
    refetch(): unknown;
  };
  /** Shown until the first answer; of the size of what will be shown. */
  readonly loading: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** The states of a query: loading, denied, failed or loaded. */
export function Loaded<Data>({ query, loading, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  const { error } = query;
  // The banner or the sign-in says why; the view stays as it is until then.
  const isPassing = error instanceof Unreachable || error instanceof TokenRefused;
  if (error && !isPassing) return <Failed error={error} retry={() => void query.refetch()} />;
  return <div aria-busy="true">{loading}</div>;
}
