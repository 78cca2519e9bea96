import { describe, expect, it } from 'vitest';
import { formProblems } from '../../src/domain/form.ts';

const form = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'mail'],
  properties: {
    name: { type: 'string', minLength: 1, 'x-seededFrom': 'name' },
    mail: { type: 'string', format: 'email' },
    use: { type: 'string', enum: ['otp', 'promotional'] },
    countries: { type: 'array', items: { type: 'string', pattern: '^[A-Z]{2}$' } },
    'a/b~c': { type: 'object', properties: { '0': { type: 'integer' } } },
  },
};
const good = { name: 'Acme', mail: 'hi@acme.com' };

describe('a form', () => {
  it('accepts valid values', () => {
    expect(formProblems(form, { ...good, countries: ['US'] }, 'inputs')).toEqual([]);
  });

  it.each([
    [{ name: 'Acme' }, 'inputs.mail', 'is required'],
    [{ ...good, soup: 1 }, 'inputs.soup', 'is not a field here'],
    [JSON.parse('{"name":"A","mail":"a@b.cd","__proto__":1}'), 'inputs.__proto__', 'not a field'],
    [{ ...good, name: '' }, 'inputs.name', 'must not be empty'],
    [{ ...good, mail: 'a@b' }, 'inputs.mail', 'is not an e-mail address'],
    [{ ...good, use: 'spam' }, 'inputs.use', 'must be one of otp, promotional'],
    [{ ...good, countries: ['US', 'usa'] }, 'inputs.countries[1]', 'pattern'],
    [{ ...good, 'a/b~c': { '0': 'x' } }, 'inputs.a/b~c.0', 'integer'],
    ['text', 'inputs', 'object'],
  ])('refuses %j at %s', (value, path, message) => {
    const problems = formProblems(form, value, 'inputs');
    expect(problems).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('reports every problem', () => {
    const paths = formProblems(form, { name: 7, soup: 1, use: 'x' }, 'auth').map((it) => it.path);
    expect(paths.sort()).toEqual(['auth.mail', 'auth.name', 'auth.soup', 'auth.use']);
  });

  it.each([
    ['wide', { ...good, countries: Array.from({ length: 300_000 }, () => 'usa') }],
    ['deep', Array.from({ length: 3_000 }).reduce((inner) => ({ 'a/b~c': inner }), {})],
  ])('reports a single problem for values that are too %s', (_, value) => {
    const problems = formProblems(form, value, 'inputs');
    expect(problems).toEqual([{ path: 'inputs', message: expect.stringContaining('2000') }]);
  });
});
