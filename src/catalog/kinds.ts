import type { FormSchema } from '../domain/form.ts';
import type { KindName } from './types.ts';

/** The files of one kind of item. */
export interface KindFiles {
  readonly folder: string;
  /** For messages. */
  readonly noun: string;
  /** An id is this prefix and the name of the file. */
  readonly idPrefix: string;
  /** The schema of a file: an item, or its `id` and a list of `versions`, oldest first. */
  readonly shape: FormSchema;
}

const text = { type: 'string', pattern: '\\S' };
const texts = { type: 'array', minItems: 1, uniqueItems: true, items: text };
const flag = { type: 'boolean' };
const form = { type: 'object' };
const listOf = (items: FormSchema) => ({ type: 'array', minItems: 1, items });

function object(
  required: Readonly<Record<string, FormSchema>>,
  optional: Readonly<Record<string, FormSchema>> = {},
): FormSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

type Fields = Readonly<Record<string, FormSchema>>;

function template(name: string, required: Fields, optional: Fields = {}): KindFiles {
  return {
    folder: `${name}-templates`,
    noun: `${name} template`,
    idPrefix: `@anychat/${name}-template.`,
    shape: object({
      id: text,
      versions: listOf(
        object({ version: text, name: text, description: text, ...required }, optional),
      ),
    }),
  };
}

function single(
  folder: string,
  noun: string,
  required: Fields,
  optional: Fields = {},
  idPrefix = '',
): KindFiles {
  const shape = object({ id: text, name: text, description: text, ...required }, optional);
  return { folder, noun, idPrefix, shape };
}

/** Every kind of the catalog. A field that a shape does not have is an error in the file. */
export const KINDS: Readonly<Record<KindName, KindFiles>> = {
  agentTemplates: template(
    'agent',
    {},
    {
      category: text,
      identityPreamble: text,
      personalityTemplateId: text,
      objectiveTemplateIds: texts,
      guardrailTemplateIds: texts,
      skillTemplateIds: texts,
      playbookTemplateIds: texts,
      recommendedToolIds: texts,
      messageTemplates: listOf(
        object(
          { id: text, name: text, body: text },
          {
            description: text,
            defaultOnMissingSlot: { enum: ['omit-sentence', 'omit-message', 'block-send'] },
          },
        ),
      ),
      outreach: object({ greetingTemplateId: text }),
    },
  ),
  playbookTemplates: template(
    'playbook',
    { body: text },
    {
      whenToUse: text,
      examples: listOf(listOf(object({ role: { enum: ['user', 'agent'] }, content: text }))),
      derivedSkillTemplateIds: texts,
      toolRefs: texts,
      isDefault: flag,
      isOutbound: flag,
    },
  ),
  skillTemplates: template('skill', { body: text }, { requiredTools: texts, config: form }),
  objectiveTemplates: template('objective', { body: text }),
  personalityTemplates: template('personality', { promptFragment: text }),
  guardrailTemplates: template(
    'guardrail',
    {},
    {
      topicsToAvoid: texts,
      claimsNotToMake: texts,
      requiredDisclaimers: texts,
    },
  ),
  tools: single(
    'tools',
    'tool',
    { version: text, category: text, parameters: form },
    { configSchema: form, oauth: object({ provider: text, scopes: texts }) },
    '@anychat/tool.',
  ),
  systemSkills: single('system-skills', 'system skill', { body: text }),
  channels: single(
    'channels',
    'channel',
    {
      managed: object({
        instant: flag,
        provisioning: object({ expectedDuration: text, copy: text }),
        inputsSchema: form,
      }),
    },
    {
      unmanaged: object({
        providers: listOf(
          object(
            { id: text, name: text, description: text, authSchema: form },
            { routingIdFrom: text },
          ),
        ),
      }),
      carrierCompliance: flag,
    },
  ),
  logEvents: single('log-events', 'log event', {
    level: { enum: ['debug', 'info', 'warn', 'error'] },
    dataFields: { type: 'object', additionalProperties: text },
  }),
  webhookEvents: single('webhook-events', 'webhook event', { resource: text }),
};

export function eachKind<T>(make: (kind: KindName) => T): Record<KindName, T> {
  const kinds = Object.keys(KINDS) as KindName[];
  return Object.fromEntries(kinds.map((kind) => [kind, make(kind)])) as Record<KindName, T>;
}
