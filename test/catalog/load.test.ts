import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { CatalogError } from '../../src/catalog/read.ts';

const CONTENT = 'src/catalog/content';
const CALL_BOOKING = '@anychat/skill-template.call-booking';

describe('the catalog', () => {
  const catalog = loadCatalog();

  it.each([
    ['agentTemplates', 6, '@anychat/agent-template.sales-development'],
    ['playbookTemplates', 12, '@anychat/playbook-template.greeting'],
    ['skillTemplates', 12, CALL_BOOKING],
    ['objectiveTemplates', 8, '@anychat/objective-template.qualify-leads'],
    ['personalityTemplates', 6, '@anychat/personality-template.professional'],
    ['guardrailTemplates', 4, '@anychat/guardrail-template.general-business'],
    ['tools', 8, '@anychat/tool.custom-http-webhook'],
    ['tools', 8, '@anychat/tool.google-calendar'],
    ['tools', 8, '@anychat/tool.slack-crm'],
    ['systemSkills', 1, 'escalate-to-human'],
    ['channels', 9, 'appleMessages'],
    ['logEvents', 2, 'llm.call'],
    ['logEvents', 2, 'framework.dispatched'],
    ['webhookEvents', 1, 'agent.updated'],
  ] as const)('has %s: at least %i, with %s', (kind, least, id) => {
    expect(catalog[kind].list().length).toBeGreaterThanOrEqual(least);
    expect(catalog[kind].get(id)).toMatchObject({ id, name: expect.any(String) });
  });

  it('returns the latest version, and keeps the older ones', () => {
    const { skillTemplates } = catalog;
    expect(skillTemplates.get(CALL_BOOKING)?.version).toBe('2');
    expect(skillTemplates.list().filter(({ id }) => id === CALL_BOOKING)).toHaveLength(1);
    const old = skillTemplates.version(CALL_BOOKING, '1');
    expect(old).toMatchObject({ id: CALL_BOOKING, version: '1' });
    expect(old?.body).not.toBe(skillTemplates.get(CALL_BOOKING)?.body);
    expect(skillTemplates.version(CALL_BOOKING, '99')).toBeUndefined();
  });
});

describe('an error in the content', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalog-'));
    cpSync(CONTENT, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function edit(file: string, from: string | RegExp, to: string): void {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
  }

  function problems(): readonly string[] {
    try {
      loadCatalog(folder);
    } catch (error) {
      if (error instanceof CatalogError) return error.problems;
      throw error;
    }
    return [];
  }

  const skill = 'skill-templates/call-booking.yaml';
  const agent = 'agent-templates/sales-development.yaml';
  const tool = 'tools/google-calendar.yaml';

  it.each([
    ['a file that is not YAML', skill, /^id:.*$/m, 'id: "', `${skill}: `],
    [
      'the id of another file',
      skill,
      /^id:.*$/m,
      'id: x',
      `${skill}: its id must be '${CALL_BOOKING}'`,
    ],
    ['a blank text', skill, /name: .*$/m, 'name: " "', `${skill}: versions[0].name must match`],
    [
      'an unknown field',
      skill,
      /name: /m,
      'soup: x\n    name: ',
      `${skill}: versions[0].soup is not a field here`,
    ],
    [
      'a repeated version',
      skill,
      'version: "2"',
      'version: "1"',
      `${skill}: version '1' must be newer than '1'`,
    ],
    [
      'a version that is older than the one before it',
      skill,
      'version: "2"',
      'version: "0.9"',
      `${skill}: version '0.9' must be newer than '1'`,
    ],
    [
      'an unknown tool',
      skill,
      'tool.google-calendar',
      'tool.abacus',
      "requiredTools names '@anychat/tool.abacus'",
    ],
    [
      'an unknown template',
      agent,
      'objective-template.qualify-leads',
      'objective-template.sing',
      "objectiveTemplateIds names '@anychat/objective-template.sing'",
    ],
    [
      'no default playbook',
      agent,
      /^.*playbook-template.sales-discovery.*\n/m,
      '',
      'exactly one of its playbooks must be the default, not 0',
    ],
    [
      'an unknown slot',
      agent,
      'person.firstName',
      'soup.firstName',
      "the message template 'outreach-greeting': ",
    ],
    [
      'a message that reads a custom field which nothing writes',
      'skill-templates/ticket-creation.yaml',
      /`ticketNumber`/g,
      'its field',
      "the message template 'ticket-opened' reads the custom field 'ticketNumber'",
    ],
    [
      'a greeting that does not exist',
      agent,
      /greetingTemplateId: .*/,
      'greetingTemplateId: x',
      "outreach.greetingTemplateId names 'x'",
    ],
    [
      'an unknown keyword in a form',
      tool,
      'configSchema:\n',
      'configSchema:\n  soup: 1\n',
      'configSchema: strict mode: unknown keyword: "soup"',
    ],
    [
      'an unknown format in a form',
      tool,
      'maxLength: 320',
      'format: soup',
      'configSchema: unknown format "soup"',
    ],
    [
      'a wrong type in a form',
      tool,
      'type: object',
      'type: soup',
      '@anychat/tool.google-calendar: parameters: schema is invalid: data/type must be',
    ],
    [
      'a seed that is no field of an agent',
      'channels/sms.yaml',
      'x-seededFrom: name',
      'x-seededFrom: soup',
      "channel 'sms': managed.inputsSchema: ",
    ],
    [
      'a routing id that is no field of the form',
      'channels/sms.yaml',
      'routingIdFrom: phoneNumber',
      'routingIdFrom: soup',
      "routingIdFrom of twilio names 'soup'",
    ],
  ])('is refused: %s', (_, file, from, to, expected) => {
    edit(file, from, to);
    expect(problems().join('\n')).toContain(expected);
  });

  it.each([
    ['maxLength: 200', 'maxLength: 100', 'brandName.maxLength refuses values of name'],
    ['minLength: 1', 'minLength: 2', 'brandName.minLength refuses values of name'],
    [
      'format: uri',
      'pattern: "^https"',
      'websiteUrl.pattern refuses values of identity.websiteUrl',
    ],
    ['format: uri', 'format: email', 'websiteUrl.format refuses values of identity.websiteUrl'],
    ['format: phone', 'enum: [a]', 'contactPhone.enum refuses values of identity.contactPhone'],
  ])('is a form that refuses what pre-fills it: %s as %s', (from, to, expected) => {
    edit('channels/sms.yaml', from, to);
    expect(problems()).toEqual([expect.stringContaining(expected)]);
  });

  it('is reported together with all others', () => {
    edit(skill, /name: .*$/m, 'name: ""');
    edit('objective-templates/qualify-leads.yaml', 'body: |', 'text: |');
    expect(problems()).toEqual([
      expect.stringContaining('skill-templates/call-booking.yaml: versions[0].name'),
      expect.stringContaining(
        'objective-templates/qualify-leads.yaml: versions[0].body is required',
      ),
      expect.stringContaining(
        'objective-templates/qualify-leads.yaml: versions[0].text is not a field here',
      ),
    ]);
  });
});
