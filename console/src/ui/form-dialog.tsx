import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { common } from '../texts/common.ts';
import { Dialog } from './dialog.tsx';
import { WriteError } from './write-error.tsx';

interface FormDialogProps {
  readonly title: string;
  /** A verb. */
  readonly submit: string;
  readonly isOpen: boolean;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly isDangerous?: boolean;
  /** Whether it can be submitted; true if omitted. */
  readonly isReady?: boolean;
  readonly size?: 'xl';
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form, or a question, in a dialog. It stays open until the change is made. */
export function FormDialog(props: FormDialogProps) {
  const { title, submit, isOpen, isBusy, error, onSubmit, onClose, children } = props;
  const { isDangerous = false, isReady = true, size } = props;
  return (
    <Dialog title={title} isOpen={isOpen} size={size} onClose={onClose}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Stack>
          {children}
          <Stack className="dialog-end">
            <WriteError error={error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common.cancel}
              </Button>
              <Button
                type="submit"
                loading={isBusy}
                disabled={!isReady}
                {...(isDangerous && { color: 'red.9' })}
              >
                {submit}
              </Button>
            </Group>
          </Stack>
        </Stack>
      </form>
    </Dialog>
  );
}
