import type { Answer } from './answer.ts';

/** What a browser is answered. */
export type PageAnswer =
  | { readonly redirectTo: string }
  | { readonly status: number; readonly html: string };

/** The query of such a request may hold a grant's code: it goes nowhere, and nothing is kept. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

/** A redirect, or a page. */
export function pageAnswer(page: PageAnswer): Answer {
  if ('redirectTo' in page) {
    return { status: 302, headers: { ...HEADERS, Location: page.redirectTo }, body: '' };
  }
  const headers = { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' };
  return { status: page.status, headers, body: page.html };
}

/** Text as HTML shows it, in an element or a quoted attribute. */
export function escaped(text: string): string {
  const entities = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' } as const;
  return text.replace(/[&<>"']/g, (it) => `&${entities[it as keyof typeof entities]};`);
}
