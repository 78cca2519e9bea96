import type { ReactNode } from 'react';

/** Outlines on a grid of 24 by 24. */
const SHAPES = {
  alert: <path d="M12 4 2.5 20h19L12 4Zm0 6v4m0 3v.01" />,
  agents: <path d="M4 5h16v11h-8l-5 4v-4H4V5Zm4.5 5.5v.01m3.5-.01v.01m3.5-.01v.01" />,
  chart: <path d="M4 20h16M7 16v-5m5 5V5m5 11V9" />,
  check: <path d="m5 13 4 4L19 7" />,
  chevronDown: <path d="m6 9 6 6 6-6" />,
  chevronRight: <path d="m9 6 6 6-6 6" />,
  copy: <path d="M9 9h11v11H9V9ZM5 15H4V4h11v1" />,
  dark: <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z" />,
  empty: <path d="M3 13 6 5h12l3 8v6H3v-6Zm0 0h5l1.5 3h5L16 13h5" />,
  key: (
    <>
      <circle cx="8" cy="15" r="4" />
      <path d="m11 12 9-9m-4 4 3 3m-5-1 2 2" />
    </>
  ),
  light: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5m11 11L19 19M19 5l-1.5 1.5m-11 11L5 19" />
    </>
  ),
  log: <path d="M6 3h9l4 4v14H6V3Zm3 7h7m-7 4h7m-7 4h4" />,
  lock: <path d="M6 11h12v9H6v-9Zm2 0V8a4 4 0 0 1 8 0v3" />,
  people: (
    <>
      <circle cx="9" cy="8" r="3.5" />
      <path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 5a3.5 3.5 0 0 1 0 6.5m2 3a6.5 6.5 0 0 1 3.5 5.5" />
    </>
  ),
  plus: <path d="M12 5v14M5 12h14" />,
  search: (
    <>
      <circle cx="11" cy="11" r="6" />
      <path d="m20 20-4.5-4.5" />
    </>
  ),
  settings: (
    <>
      <path d="M4 7h9m5 0h2M4 17h2m5 0h9" />
      <circle cx="15.5" cy="7" r="2.5" />
      <circle cx="8.5" cy="17" r="2.5" />
    </>
  ),
  signOut: <path d="M14 4H5v16h9M10 12h11m-4-4 4 4-4 4" />,
  user: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4 21a8 8 0 0 1 16 0" />
    </>
  ),
  webhook: (
    <>
      <circle cx="12" cy="6" r="3" />
      <circle cx="5.5" cy="18" r="3" />
      <circle cx="18.5" cy="18" r="3" />
      <path d="m10.5 8.5-4 7m7-7 4 7m-9 2.5h7" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** A decoration: the text beside it has the meaning, or the button has a label. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {SHAPES[name]}
    </svg>
  );
}
