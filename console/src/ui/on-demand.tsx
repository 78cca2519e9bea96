import { type ReactNode, Suspense, useEffect, useState } from 'react';

interface OnDemandProps {
  /** Shown until the children are wanted and loaded. */
  readonly button: (want: () => void) => ReactNode;
  /** Loaded when they are wanted: menus are a tenth of what the first screen may load. */
  readonly children: ReactNode;
}

export function OnDemand({ button, children }: OnDemandProps) {
  const [isWanted, setWanted] = useState(false);
  const shown = button(() => setWanted(true));
  return isWanted ? <Suspense fallback={shown}>{children}</Suspense> : shown;
}

/**
 * Whether a menu is open that is loaded when its button is used. It opens once it is there: only then
 * does it return the focus to its button.
 */
export function useOpened() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(true), []);
  return [isOpen, setOpen] as const;
}
