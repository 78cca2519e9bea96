import type { ServerResponse } from 'node:http';

/** What a browser is answered. */
export type PageAnswer =
  | { readonly redirectTo: string }
  | { readonly status: number; readonly html: string };

/** The query of such a request may hold a grant's code: it goes nowhere, and nothing is kept. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

export function sendPage(response: ServerResponse, answer: PageAnswer): void {
  if ('redirectTo' in answer) {
    response.writeHead(302, { ...HEADERS, Location: answer.redirectTo }).end();
    return;
  }
  const { status, html } = answer;
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' }).end(html);
}

/** Text as HTML shows it, in an element or a quoted attribute. */
export function escaped(text: string): string {
  const entities = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' } as const;
  return text.replace(/[&<>"']/g, (it) => `&${entities[it as keyof typeof entities]};`);
}
