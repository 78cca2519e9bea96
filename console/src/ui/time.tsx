import { useEffect, useState } from 'react';
import { common } from '../texts/common.ts';

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const RENEW_EVERY_MS = 30_000;
/** Texts are English; dates follow the operator's own customs and time zone. */
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A time in the operator's zone, e.g. `25 Nov 2026, 04:15`. */
export function exactTime(at: string): string {
  return EXACT.format(new Date(at));
}

/** The distance from `now`, e.g. `3 hours ago`. */
export function relativeTime(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1_000);
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}

interface TimeProps {
  readonly at: string | null | undefined;
  /** `exact` shows date and time, with the distance as a hint; otherwise the reverse. */
  readonly exact?: boolean;
}

export function Time({ at, exact = false }: TimeProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), RENEW_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <>{common.never}</>;
  const texts = [relativeTime(at, now), exactTime(at)];
  const [shown, hint] = exact ? texts.toReversed() : texts;
  return (
    <time dateTime={at} title={hint}>
      {shown}
    </time>
  );
}
