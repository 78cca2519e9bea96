import { common } from '../texts/common.ts';
import { Failed } from './states.tsx';

/** Shown in place of a view that threw. */
export function Crash({ reset }: { readonly reset: () => void }) {
  return <Failed error={new Error(common.broken.body)} retry={reset} />;
}
