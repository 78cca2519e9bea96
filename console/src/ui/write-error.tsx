import { Alert, List } from '@mantine/core';
import { ApiError } from '../graphql/errors.ts';
import { common } from '../texts/common.ts';

/** Why a change was refused, with every problem of the input. */
export function WriteError({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  const details = error instanceof ApiError ? error.details : [];
  return (
    <Alert color="red" title={common.refused} role="alert">
      {details.length === 0 ? (
        error.message
      ) : (
        <List size="sm">
          {details.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {path ? `${path}: ${message}` : message}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
