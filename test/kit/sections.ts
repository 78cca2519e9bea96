import fc from 'fast-check';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Agent, AgentContent } from '../../src/domain/agents.ts';
import type { DerivedFrom } from '../../src/domain/derived-from.ts';
import type { AgentGuardrails } from '../../src/domain/guardrails.ts';
import type { AgentIdentity } from '../../src/domain/identity.ts';
import type { AgentMessageTemplate } from '../../src/domain/message-templates.ts';
import type { AgentObjective } from '../../src/domain/objectives.ts';
import type { OutreachConfig } from '../../src/domain/outreach.ts';
import type { AgentPersonality } from '../../src/domain/personality.ts';
import type { AgentPlaybook } from '../../src/domain/playbooks.ts';
import type { Definition, Section } from '../../src/domain/sections.ts';
import type { AgentSkill } from '../../src/domain/skills.ts';
import type { ExampleTurn } from '../../src/domain/templates.ts';
import { agentWith } from './agent.ts';

const catalog = loadCatalog();
const CALENDAR = '@anychat/tool.google-calendar';

/** One for each field of `T`: a field that is missing does not compile. */
type FieldArbitraries<T> = { readonly [F in keyof Required<T>]: fc.Arbitrary<Required<T>[F]> };

function record<T extends object>(
  fields: FieldArbitraries<T>,
  requiredKeys: readonly (keyof T)[],
): fc.Arbitrary<T> {
  return fc.record(fields, { requiredKeys: [...requiredKeys] }) as unknown as fc.Arbitrary<T>;
}

/** Ids out of few, so that the items of two lists are often the same. */
const id = fc
  .constantFrom(...'abcdefgh', 'x-1', '7')
  .filter((one) => !catalog.systemSkills.get(one));

function listOf<T extends { readonly id: string }>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.uniqueArray(item, { maxLength: 6, selector: (one) => one.id });
}

/** Any text that a store keeps: no lone surrogates. */
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const text = fc.oneof(fc.constantFrom('One', 'Two'), anyText);
const lines = fc
  .array(fc.oneof(anyText, fc.constantFrom('', '  x', '# y', '- z', '---', 'a: b', '|', '\t')))
  .map((parts) => `x${parts.join('\n')}`);
const prompt = fc.oneof(
  lines,
  fc.constantFrom('a\n', 'a\n\n', ' a', 'a \r\nb', 'yes', '1.0', 'null', '~'),
);
const texts = fc.array(text, { maxLength: 4 });
const derivedFrom = record<DerivedFrom>({ templateId: text, version: text }, [
  'templateId',
  'version',
]);
const turn = record<ExampleTurn>({ role: fc.constantFrom('user', 'agent'), content: text }, [
  'role',
  'content',
]);

/** What the sections of one agent refer to. */
interface Referable {
  readonly skills: readonly AgentSkill[];
  readonly messageTemplates: readonly AgentMessageTemplate[];
}

const idsOf = (items: readonly { readonly id: string }[]) =>
  fc.subarray(items.map((one) => one.id));

const skills = listOf(
  record<AgentSkill>(
    {
      id,
      name: text,
      description: text,
      body: prompt,
      enabled: fc.boolean(),
      requiredTools: texts,
      config: fc.constantFrom({}, { slots: 3 }, { slots: 4, window: { from: '09:00', days: [] } }),
      derivedFrom,
    },
    ['id', 'name', 'body', 'enabled'],
  ),
);

const messageTemplates = listOf(
  record<AgentMessageTemplate>(
    {
      id,
      name: text,
      description: text,
      body: fc.constantFrom('Hi {person.firstName | "there"}.\n', 'Hello'),
      defaultOnMissingSlot: fc.constantFrom('omit-message', 'block-send'),
    },
    ['id', 'name', 'body'],
  ),
);

const objectives = listOf(
  record<AgentObjective>(
    {
      id,
      name: text,
      description: text,
      body: prompt,
      priority: fc.integer({ min: -2, max: 2 }),
      derivedFrom,
    },
    ['id', 'name', 'body', 'priority'],
  ),
).map((list) => list.toSorted((a, b) => a.priority - b.priority));

/** The last playbook is the default, the first one may be outbound. */
const playbooks = (to: Referable) =>
  listOf(
    record<AgentPlaybook>(
      {
        id,
        name: text,
        description: text,
        whenToUse: text,
        body: prompt,
        examples: fc.array(fc.array(turn, { maxLength: 2 }), { maxLength: 2 }),
        skillRefs: idsOf(to.skills),
        toolRefs: fc.subarray(catalog.tools.list().map((one) => one.id)),
        messageTemplateRefs: idsOf(to.messageTemplates),
        isDefault: fc.constant(false),
        isOutbound: fc.boolean(),
        derivedFrom,
      },
      ['id', 'name', 'body', 'isDefault'],
    ),
  ).map((list) =>
    list.map(({ isOutbound, ...one }, i) => ({
      ...one,
      isDefault: i === list.length - 1,
      ...(isOutbound !== undefined && { isOutbound: isOutbound && i === 0 }),
    })),
  );

type Config = fc.Arbitrary<Definition['toolBindings'][number]['config']>;

/** Configs that the calendar tool accepts; every tool accepts an empty one. */
const calendarConfig: Config = fc.constantFrom({}, { calendarId: 'x@acme.com' });

const binding = (config: Config) =>
  record<Definition['toolBindings'][number]>(
    {
      toolId: fc.constantFrom(...catalog.tools.list().map((one) => one.id)),
      enabled: fc.boolean(),
      config,
    },
    ['toolId', 'enabled', 'config'],
  );
const toolBindings = (config: Config | undefined) =>
  fc.uniqueArray(
    config
      ? binding(config)
      : fc.oneof(
          binding(fc.constant({})),
          binding(calendarConfig).map((it) => ({ ...it, toolId: CALENDAR })),
        ),
    { maxLength: 4, selector: (one) => one.toolId },
  );

/** Every section of a definition, valid with the others; a section that is missing does not compile. */
const sections = (
  to: Referable,
  config: Config | undefined,
): { readonly [S in Section]: fc.Arbitrary<NonNullable<Definition[S]>> } => ({
  identity: record<AgentIdentity>(
    {
      smallLogoUrl: fc.constantFrom('https://a.example/', 'https://b.example/'),
      largeBannerUrl: fc.constant('https://a.example/'),
      brandColor: fc.constantFrom('#1a73e8', '#000000'),
      contactEmail: fc.constant('x@acme.com'),
      contactPhone: fc.constant('+14155550132'),
      websiteUrl: fc.constant('https://a.example/'),
      privacyPolicyUrl: fc.constant('https://a.example/'),
      termsOfServiceUrl: fc.constant('https://a.example/'),
      contactAvailability: text,
      identityPreamble: prompt,
    },
    [],
  ),
  personality: record<AgentPersonality>({ description: text, text: prompt, derivedFrom }, ['text']),
  playbooks: playbooks(to),
  objectives,
  skills: fc.constant(to.skills),
  guardrails: record<AgentGuardrails>(
    {
      topicsToAvoid: texts,
      claimsNotToMake: texts,
      requiredDisclaimers: texts,
      additionalRules: prompt,
      derivedFromTemplates: texts,
    },
    [],
  ),
  messageTemplates: fc.constant(to.messageTemplates),
  outreach:
    to.messageTemplates.length === 0
      ? fc.constant({})
      : record<OutreachConfig>(
          { greetingTemplateId: fc.constantFrom(...to.messageTemplates.map((one) => one.id)) },
          [],
        ),
  toolBindings: toolBindings(config),
  products: texts,
});

type Sections = Pick<AgentContent, Section>;

/**
 * Agents with any sections.
 *
 * @param config of every tool binding; one that the tool accepts when left out
 */
export function agents(config?: Config): fc.Arbitrary<Agent> {
  return fc
    .record({ skills, messageTemplates })
    .chain((to) =>
      fc.record(sections(to, config), { requiredKeys: ['identity', 'skills', 'messageTemplates'] }),
    )
    .map((parts) => agentWith(parts as Sections));
}
