import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ACCEPTED, unaccepted } from '../../scripts/owasp.ts';

const answer = ['components', 'schemas', 'Agent', 'properties', 'name'];
const body = ['components', 'schemas', 'AgentInput', 'properties', 'name'];
const limit = { code: 'owasp:api4:2023-string-limit', message: 'M' };

it('accepts a finding only where its rule is accepted', () => {
  expect(unaccepted([{ ...limit, path: answer }])).toEqual([]);
  expect(unaccepted([{ ...limit, path: body }])).toEqual([
    'owasp:api4:2023-string-limit at components.schemas.AgentInput.properties.name: M',
  ]);
  const unknown = { code: 'owasp:api1:2023-no-numeric-ids', message: 'M', path: answer };
  expect(unaccepted([unknown])).toHaveLength(1);
});

it('accepts no credential in a URL but the page token, which is none', () => {
  const code = 'owasp:api2:2023-no-credentials-in-url';
  const path = ['paths', '/orgs/{org}/agents', 'get', 'parameters', 1, 'name'];
  const found = (name: string) => ({ code, path, message: `detected in parameter: ${name}.` });
  expect(unaccepted([found('pageToken')])).toEqual([]);
  expect(unaccepted([found('apiKey')])).toHaveLength(1);
});

it('accepts the rules that docs/rest.md gives reasons for', () => {
  const page = readFileSync('docs/rest.md', 'utf8');
  const listed = [...page.matchAll(/^\| `(api\d+:2023-[\w-]+)` \|/gm)].map(([, rule]) => rule);
  expect(listed.map((rule) => `owasp:${rule}`).sort()).toEqual(Object.keys(ACCEPTED).sort());
});
