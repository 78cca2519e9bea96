import { Button, type ButtonProps, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { FormDialog } from './form-dialog.tsx';

interface ConfirmButtonProps extends ButtonProps {
  readonly label: string;
  /** What the button is about, for readers of the screen, e.g. the name of a key. */
  readonly about: string;
  readonly question: string;
  readonly consequence: string;
  readonly write: {
    readonly isPending: boolean;
    readonly error: Error | null;
    reset(): void;
  };
  readonly onConfirm: (close: () => void) => void;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, about, question, consequence, write, onConfirm, ...button } = props;
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${label}: ${about}`}
        onClick={() => {
          write.reset();
          open();
        }}
        {...button}
      >
        {label}
      </Button>
      <FormDialog
        title={question}
        submit={label}
        isOpen={isOpen}
        isBusy={write.isPending}
        error={write.error}
        isDangerous
        onSubmit={() => onConfirm(close)}
        onClose={close}
      >
        <Text>{consequence}</Text>
      </FormDialog>
    </>
  );
}
