import { Modal } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { common } from '../texts/common.ts';
import { focusScreen } from './focus.ts';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly size?: 'lg' | 'xl' | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog. Escape closes it. */
export function Dialog({ title, isOpen, size, onClose, children }: DialogProps) {
  useReturnedFocus(isOpen);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      classNames={{ title: 'dialog-title' }}
      {...(size && { size })}
      // It would forget the focus of a dialog that is removed rather than closed.
      returnFocus={false}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {children}
    </Modal>
  );
}

/** Returns the focus to what had it, or to the screen if that was removed. */
function useReturnedFocus(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const opener = document.activeElement;
    return () => {
      // The dialog is still shown.
      setTimeout(() => {
        if (!isFocusLost()) return;
        if (opener instanceof HTMLElement && opener.isConnected) {
          opener.focus({ preventScroll: true });
        } else focusScreen();
      });
    };
  }, [isOpen]);
}

function isFocusLost(): boolean {
  const { activeElement } = document;
  if (!activeElement || activeElement === document.body) return true;
  return activeElement.closest('[role="dialog"]') !== null;
}
