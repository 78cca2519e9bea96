import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type OpenServices, openServices } from '../../src/server/compose.ts';
import { foreignHosts, launch, MAX_WAIT_MS } from '../browser/browser.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const SCREENSHOTS = join(import.meta.dirname, 'screenshots');
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
const SERIOUS = ['serious', 'critical'];

/** Those within half a second of an input of the operator are expected. */
const RECORD_SHIFTS = `
  globalThis.layoutShifts = { score: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      layoutShifts.score += value;
      for (const { node, previousRect, currentRect } of sources) {
        const html = (node?.outerHTML ?? node?.textContent ?? 'removed').slice(0, 160);
        layoutShifts.moved.push(html + ' from ' + previousRect.y + ' to ' + currentRect.y);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });`;

/** What keeps a view from being checked by axe, e.g. `color-contrast` of an agent's own colours. */
export interface LookOptions {
  readonly withoutRules?: readonly string[];
}

/** Layout shifts, see https://web.dev/articles/cls. */
export interface Shifts {
  /** Of the web's measure “cumulative layout shift”, at most this: the sum of all shifts. */
  readonly score: number;
  /** The elements that moved. */
  readonly moved: readonly string[];
}

/** One browser and one server for a file of tests. */
export interface ConsoleKit {
  readonly server: TestServer;
  readonly browser: Browser;
  /** The store of the server, for tests that write more than requests would in time. */
  readonly store: OpenServices['store'];
  /** Opens a tab whose key is the given one, or that is not signed in. Its errors fail the file. */
  open(path: string, key?: string, viewport?: { width: number; height: number }): Promise<Page>;
  /**
   * Looks at a view in both colour schemes and on a narrow screen: axe finds nothing serious,
   * nothing is wider than the screen, and a screenshot of each is kept.
   */
  look(page: Page, name: string, options?: LookOptions): Promise<void>;
  /** What moved by itself since the view was opened by its address. */
  shiftsOf(page: Page): Promise<Shifts>;
  /** Another host that the console of the test may ask, e.g. of a provider. */
  expectHost(host: string): void;
  /** An error of the browser that the test provokes, by a part of its text. */
  expectError(text: string): void;
  /** Stops the server. `start` starts it again at the same address, on the store of the file. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * Starts a server and a browser before the tests of the file, and ends both after them. The file
 * fails if a view logs an error, violates the policy of the page, or asks another host.
 */
export function consoleKit(environment: Readonly<Record<string, string>> = {}): ConsoleKit {
  let server: TestServer;
  let browser: Browser;
  let store: OpenServices['store'];
  const contexts: BrowserContext[] = [];
  const errors: string[] = [];
  const requested: string[] = [];
  const expected: string[] = [];
  const hosts: string[] = [];

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    server = await start();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    const unexpected = errors.filter((text) => !expected.some((part) => text.includes(part)));
    expect(unexpected, 'errors that the browser logged').toEqual([]);
    const foreign = foreignHosts(requested, server.url).filter((host) => !hosts.includes(host));
    expect(foreign, 'other hosts').toEqual([]);
  });

  function start(port = '0'): Promise<TestServer> {
    return startTestServer({ DEMO_DATA: '1', ...environment, PORT: port }, async (...settings) => {
      const opened = await openServices(...settings);
      store = opened.store;
      return opened;
    });
  }

  async function open(path: string, key?: string, viewport = WIDE): Promise<Page> {
    const context = await browser.newContext({
      viewport,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    contexts.push(context);
    context.setDefaultTimeout(MAX_WAIT_MS);
    await context.addInitScript(RECORD_SHIFTS);
    if (key !== undefined) {
      const stored = `sessionStorage.getItem('agent-api:opened') ||
        (sessionStorage.setItem('agent-api:opened', 'yes'),
         sessionStorage.setItem('agent-api:key', ${JSON.stringify(key)}));`;
      await context.addInitScript(stored);
    }
    const page = await context.newPage();
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (error) => errors.push(String(error)));
    // A violation of the policy is logged as an error too.
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(server.url + path);
    return page;
  }

  async function look(page: Page, name: string, options: LookOptions = {}): Promise<void> {
    const before = page.viewportSize() ?? WIDE;
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await expectScheme(page, scheme);
      for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
        await page.setViewportSize(viewport);
        const path = join(SCREENSHOTS, `${name}-${size}-${scheme}.png`);
        await page.screenshot({ path, fullPage: true });
        await expectNoOverflow(page, `${name}, ${size}`);
      }
      await page.setViewportSize(before);
      await expectAccessible(page, `${name}, ${scheme}`, options);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }

  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    get store() {
      return store;
    },
    open,
    look,
    shiftsOf: async (page) => (await page.evaluate('layoutShifts')) as Shifts,
    expectHost: (host) => hosts.push(host),
    expectError: (text) => expected.push(text),
    stop: () => server.stop(),
    async start() {
      server = await start(new URL(server.url).port);
    },
  };
}

async function expectScheme(page: Page, scheme: string): Promise<void> {
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
}

/** Nothing is wider than the screen, except what scrolls by itself. */
async function expectNoOverflow(page: Page, view: string): Promise<void> {
  const [content, screen] = (await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )) as [number, number];
  expect(content, `${view}: width of the content`).toBeLessThanOrEqual(screen);
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** axe-core finds nothing serious. */
async function expectAccessible(
  page: Page,
  view: string,
  { withoutRules = [] }: LookOptions,
): Promise<void> {
  // The policy of the page binds its scripts, not those that the browser's driver evaluates.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const rules = Object.fromEntries(withoutRules.map((id) => [id, { enabled: false }]));
  const options = JSON.stringify({ rules, resultTypes: ['violations'] });
  const violations = (await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations)`,
  )) as readonly AxeViolation[];
  const serious = violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map((it) => `${it.html} ${it.failureSummary}`),
    }));
  expect(serious, `${view}: axe`).toEqual([]);
}
