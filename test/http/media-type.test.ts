import { expect, it } from 'vitest';
import { mediaTypeOf } from '../../src/http/media-type.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  [BROWSER, 'text/html'],
  ['text/html', 'text/html'],
  ['TEXT/HTML; charset=utf-8', 'text/html'],
  ['text/*', 'text/html'],
  ['application/json', 'application/json'],
  ['application/json, text/html', 'application/json'],
  ['application/json;q=0.5, text/html', 'text/html'],
  ['text/html;q=0.5, */*', 'application/json'],
  ['text/html;q=0, text/*', 'application/json'],
  ['application/graphql-response+json, text/html;q=0.1', 'text/html'],
  ['image/png', 'application/json'],
])('answers Accept %j with %s', (accepted, type) => {
  expect(mediaTypeOf(accepted, ['application/json', 'text/html'])).toBe(type);
});

it('answers with the only type that exists', () => {
  expect(mediaTypeOf('application/json', ['text/html'])).toBe('text/html');
});
