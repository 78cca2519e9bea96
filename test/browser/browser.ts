import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
/** Generous, because the machine may be busy. */
export const MAX_WAIT_MS = 60_000;

/** @throws Error when there is no browser */
export function launch(): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath} (CHROMIUM)`);
  return chromium.launch({ executablePath, args: FLAGS });
}

/** The hosts of the requests that did not go to the server. */
export function foreignHosts(requested: readonly string[], server: string): string[] {
  const own = new URL(server).host;
  return requested
    .filter((url) => url.startsWith('http') || url.startsWith('ws'))
    .map((url) => new URL(url).host)
    .filter((host) => host !== own);
}
