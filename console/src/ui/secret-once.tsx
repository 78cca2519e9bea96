import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { common } from '../texts/common.ts';

interface SecretOnceProps {
  readonly title: string;
  readonly hint: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** A secret that the server shows this once. */
export function SecretOnce({ title, hint, secret, onDone }: SecretOnceProps) {
  return (
    <Alert color="green" title={title} role="status">
      <Stack gap="sm">
        <Text size="sm">{hint}</Text>
        <Code block className="secret" tabIndex={0}>
          {secret}
        </Code>
        <Group gap="xs">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="compact-sm" onClick={copy}>
                {copied ? common.copied : common.copy}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" variant="default" onClick={onDone}>
            {common.done}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
