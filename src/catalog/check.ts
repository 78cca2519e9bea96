import { defectOf, type FormSchema } from '../domain/form.ts';
import { isSlug } from '../domain/ids.ts';
import { bodyProblems, customFieldsOfMessage } from '../domain/message-templates.ts';
import { refusesSeeds, SEED_SOURCES } from '../domain/seeds.ts';
import type { AgentTemplate } from '../domain/templates.ts';
import type { CatalogItems, KindName } from './types.ts';

/** Every version of every item, by kind and id, oldest first. */
export type CatalogContent = {
  readonly [K in KindName]: ReadonlyMap<string, readonly CatalogItems[K][]>;
};

/**
 * Every problem of content whose files have a valid shape: references that do not exist,
 * forms that do not compile, templates that cannot be applied. Each problem names the item.
 */
export function contentProblems(content: CatalogContent): string[] {
  return [
    ...referenceProblems(content),
    ...agentTemplateProblems(content),
    ...customFieldProblems(content),
    ...formDefects(content),
    ...[...content.systemSkills.keys()]
      .filter((id) => !isSlug(id))
      .map((id) => `system skill '${id}': its id must be a slug`),
  ];
}

function* versionsOf<K extends KindName>(content: CatalogContent, kind: K) {
  for (const versions of content[kind].values()) yield* versions;
}

function referenceProblems(content: CatalogContent): string[] {
  const problems: string[] = [];
  const expect = (
    kind: KindName,
    { id, version }: { id: string; version: string },
    field: string,
    targets: readonly string[] | undefined = [],
  ) => {
    for (const target of targets) {
      if (content[kind].has(target)) continue;
      problems.push(`${id} (version ${version}): ${field} names '${target}', which does not exist`);
    }
  };
  for (const item of versionsOf(content, 'skillTemplates')) {
    expect('tools', item, 'requiredTools', item.requiredTools);
  }
  for (const item of versionsOf(content, 'playbookTemplates')) {
    expect('tools', item, 'toolRefs', item.toolRefs);
    expect('skillTemplates', item, 'derivedSkillTemplateIds', item.derivedSkillTemplateIds);
  }
  for (const item of versionsOf(content, 'agentTemplates')) {
    const personality =
      item.personalityTemplateId === undefined ? [] : [item.personalityTemplateId];
    expect('personalityTemplates', item, 'personalityTemplateId', personality);
    expect('objectiveTemplates', item, 'objectiveTemplateIds', item.objectiveTemplateIds);
    expect('guardrailTemplates', item, 'guardrailTemplateIds', item.guardrailTemplateIds);
    expect('skillTemplates', item, 'skillTemplateIds', item.skillTemplateIds);
    expect('playbookTemplates', item, 'playbookTemplateIds', item.playbookTemplateIds);
    expect('tools', item, 'recommendedToolIds', item.recommendedToolIds);
  }
  return problems;
}

/** Applied to an agent, a template must give one default playbook and at most one outbound playbook. */
function agentTemplateProblems(content: CatalogContent): string[] {
  const problems: string[] = [];
  for (const template of versionsOf(content, 'agentTemplates')) {
    const name = `${template.id} (version ${template.version})`;
    const playbooks = (template.playbookTemplateIds ?? []).flatMap(
      (id) => content.playbookTemplates.get(id)?.slice(-1) ?? [],
    );
    const defaults = playbooks.filter(({ isDefault }) => isDefault).length;
    if (playbooks.length > 0 && defaults !== 1) {
      problems.push(`${name}: exactly one of its playbooks must be the default, not ${defaults}`);
    }
    const outbound = playbooks.filter(({ isOutbound }) => isOutbound).length;
    if (outbound > 1) {
      problems.push(`${name}: at most one of its playbooks may be outbound, not ${outbound}`);
    }
    const messages = (template.messageTemplates ?? []).map(({ id }) => id);
    for (const id of messages.filter((it, i) => messages.indexOf(it) !== i || !isSlug(it))) {
      problems.push(`${name}: the message template id '${id}' must be a slug, and unique`);
    }
    for (const { id, body } of template.messageTemplates ?? []) {
      const found = bodyProblems(body, `the message template '${id}'`);
      problems.push(...found.map(({ path, message }) => `${name}: ${path}: ${message}`));
    }
    const greeting = template.outreach?.greetingTemplateId;
    if (greeting !== undefined && !messages.includes(greeting)) {
      problems.push(
        `${name}: outreach.greetingTemplateId names '${greeting}', which does not exist`,
      );
    }
  }
  return problems;
}

/**
 * A custom field has no value until the agent writes one, and an agent writes the fields that
 * its instructions name. A message that reads any other field is never sent as its author
 * meant it. Checks the latest versions, which are those that can be applied.
 */
function customFieldProblems(content: CatalogContent): string[] {
  return latestOf(content, 'agentTemplates').flatMap((template) => {
    const instructions = instructionsOf(template, content);
    return (template.messageTemplates ?? []).flatMap((message) =>
      customFieldsOfMessage(message)
        .filter((field) => !instructions.some((text) => text.includes(`\`${field}\``)))
        .map(
          (field) =>
            `${template.id} (version ${template.version}): the message template '${message.id}' reads the custom field '${field}', which no skill, playbook or tool of the template names`,
        ),
    );
  });
}

/** The texts by which an agent of a template acts. */
function instructionsOf(template: AgentTemplate, content: CatalogContent): string[] {
  const skills = latestOf(content, 'skillTemplates', template.skillTemplateIds ?? []);
  const playbooks = latestOf(content, 'playbookTemplates', template.playbookTemplateIds ?? []);
  const toolIds = skills.flatMap(({ requiredTools = [] }) => requiredTools);
  const tools = latestOf(content, 'tools', [...toolIds, ...(template.recommendedToolIds ?? [])]);
  return [
    ...[...skills, ...playbooks, ...latestOf(content, 'systemSkills')].map(({ body }) => body),
    ...tools.map(({ description, parameters }) => description + JSON.stringify(parameters)),
  ];
}

/** The latest versions of the items of a kind, of all of them if no ids are given. */
function latestOf<K extends KindName>(
  content: CatalogContent,
  kind: K,
  ids: Iterable<string> = content[kind].keys(),
): CatalogItems[K][] {
  return [...ids].flatMap((id) => content[kind].get(id)?.slice(-1) ?? []);
}

/** Compiling a form finds unknown keywords and formats, and bad patterns, which its meta-schema does not. */
function formDefects(content: CatalogContent): string[] {
  const problems: string[] = [];
  const check = (name: string, form: FormSchema | undefined) => {
    const defect = form && defectOf(form);
    if (defect !== undefined) problems.push(`${name}: ${defect}`);
  };
  for (const tool of versionsOf(content, 'tools')) {
    check(`${tool.id}: parameters`, tool.parameters);
    check(`${tool.id}: configSchema`, tool.configSchema);
  }
  for (const channel of versionsOf(content, 'channels')) {
    const name = `channel '${channel.id}'`;
    check(`${name}: managed.inputsSchema`, channel.managed.inputsSchema);
    problems.push(...seedProblems(`${name}: managed.inputsSchema`, channel.managed.inputsSchema));
    for (const { id, authSchema, routingIdFrom } of channel.unmanaged?.providers ?? []) {
      check(`${name}: authSchema of ${id}`, authSchema);
      const fields = authSchema.properties as Readonly<Record<string, unknown>> | undefined;
      if (routingIdFrom !== undefined && !Object.hasOwn(fields ?? {}, routingIdFrom)) {
        problems.push(
          `${name}: routingIdFrom of ${id} names '${routingIdFrom}', which is not a field of authSchema`,
        );
      }
    }
  }
  return problems;
}

/** A field that is pre-filled must accept every value that its source accepts. */
function seedProblems(name: string, { properties = {} }: FormSchema): string[] {
  return Object.entries(properties as Readonly<Record<string, FormSchema>>).flatMap(
    ([field, schema]) => {
      const source = SEED_SOURCES.find((it) => it === schema['x-seededFrom']);
      const keywords = source ? refusesSeeds(source, schema) : [];
      return keywords.map(
        (keyword) =>
          `${name}: ${field}.${keyword} refuses values of ${source}, which pre-fills the field`,
      );
    },
  );
}
