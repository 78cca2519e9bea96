import type { MantineColorScheme } from '@mantine/core';

/** Where Mantine stores the operator's choice. */
export const SCHEME_STORED = 'agent-api:scheme';

export function storedScheme(): MantineColorScheme {
  const stored = localStorage.getItem(SCHEME_STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

export function schemeOf(choice: MantineColorScheme): 'light' | 'dark' {
  if (choice !== 'auto') return choice;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
