import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { consoleKit } from './kit.ts';

const kit = consoleKit();

const COUNT = 130;
/** Longer than an answer is kept that no view shows. */
const FORGOTTEN_AFTER_MS = 35_000;

let agent: string;
/** The agent has as many people and versions; the audit log has all of them. */
beforeAll(async () => {
  agent = await kit.server.owner.createAgent({ name: 'Paged' });
  const path = `/orgs/acme/agents/${agent}`;
  for (let n = 0; n < COUNT; n += 1) {
    const phone = `+1415555${String(1_000 + n)}`;
    const person = await kit.server.owner.post(`${path}/people`, { firstName: `P ${n}`, phone });
    expect(person.status).toBe(201);
    await kit.server.owner.patch(path, { description: `Version ${n}` });
  }
});

const lists = [
  { label: 'People', path: () => `/agents/${agent}/people`, pages: 5 },
  { label: 'Versions', path: () => `/agents/${agent}/history`, pages: 5 },
  { label: 'Audit log', path: () => '/audit-log', pages: 5 },
];

it.each(lists)('forgets the pages that were left: $label', async (list) => {
  const page = await kit.open('/console', kit.server.owner.token);
  await page.clock.install();
  await page.goto(`${kit.server.url}/console/orgs/acme${list.path()}`);
  const table = page.getByRole('table', { name: list.label });
  const first = () => table.getByRole('row').nth(1).innerText();
  const next = page.getByRole('button', { name: 'Next page' });
  await table.waitFor();
  const beginning = await first();
  const sizes = [];
  for (let n = 1; n < list.pages; n += 1) {
    const before = await first();
    await next.click();
    await expect.poll(first).not.toBe(before);
    sizes.push(await elementsOf(page));
  }
  expect(Math.max(...sizes)).toBeLessThan((sizes[0] ?? 0) * 1.2);
  await page.clock.fastForward(FORGOTTEN_AFTER_MS);
  const shown = await first();
  let asked = 0;
  await page.route('**/graphql', () => {
    asked += 1;
  });
  for (let n = 1; n < list.pages; n += 1) await page.goBack();
  // Only an answer that was kept could be shown: nothing is answered any more.
  await expect.poll(() => asked).toBeGreaterThan(0);
  expect(await first()).toBe(shown);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await expect.poll(first).toBe(beginning);
});

function elementsOf(page: Page): Promise<number> {
  return page.evaluate('document.querySelectorAll("*").length') as Promise<number>;
}
