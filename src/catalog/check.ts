import type { ErrorObject } from 'ajv/dist/2020.js';
import { isSlug } from '../domain/ids.ts';
import { forms, problemsOf } from './forms.ts';
import type { CatalogItems, FormSchema, KindName } from './types.ts';

/** Every version of every item, by kind and id; oldest first. */
export type CatalogContent = {
  readonly [K in KindName]: ReadonlyMap<string, readonly CatalogItems[K][]>;
};

/**
 * What is wrong with content whose files are each of the right shape: references
 * that lead nowhere, forms that do not compile, templates that could not be
 * applied. Each problem names the item.
 */
export function contentProblems(content: CatalogContent): string[] {
  return [
    ...referenceProblems(content),
    ...agentTemplateProblems(content),
    ...formProblems(content),
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
      problems.push(`${id} (version ${version}): ${field} names '${target}', which is not there`);
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

/** Applied to an agent, a template must leave one default playbook, and one opener at most. */
function agentTemplateProblems(content: CatalogContent): string[] {
  const problems: string[] = [];
  for (const template of versionsOf(content, 'agentTemplates')) {
    const name = `${template.id} (version ${template.version})`;
    const playbooks = (template.playbookTemplateIds ?? []).flatMap(
      (id) => content.playbookTemplates.get(id)?.slice(-1) ?? [],
    );
    const defaults = playbooks.filter(({ isDefault }) => isDefault).length;
    if (playbooks.length > 0 && defaults !== 1) {
      problems.push(`${name}: one of its playbooks must be the default, not ${defaults}`);
    }
    const openers = playbooks.filter(({ isOutbound }) => isOutbound).length;
    if (openers > 1) {
      problems.push(`${name}: one of its playbooks may be outbound, not ${openers}`);
    }
    const messages = (template.messageTemplates ?? []).map(({ id }) => id);
    for (const id of messages.filter((it, i) => messages.indexOf(it) !== i || !isSlug(it))) {
      problems.push(`${name}: the message template id '${id}' must be a slug, and unique`);
    }
    const greeting = template.outreach?.greetingTemplateId;
    if (greeting !== undefined && !messages.includes(greeting)) {
      problems.push(`${name}: outreach.greetingTemplateId names '${greeting}', which is not there`);
    }
  }
  return problems;
}

function formProblems(content: CatalogContent): string[] {
  const problems: string[] = [];
  const check = (name: string, schema: FormSchema | undefined) => {
    if (!schema) return;
    try {
      // Not only valid by the meta-schema: patterns, formats and keywords must be known.
      forms.compile(schema);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  };
  for (const tool of versionsOf(content, 'tools')) {
    if (forms.validateSchema(tool.parameters) !== true) {
      const found = problemsOf(forms.errors as ErrorObject[] | null);
      problems.push(
        ...found.map(({ path, message }) => `${tool.id}: parameters.${path} ${message}`),
      );
    }
    check(`${tool.id}: configSchema`, tool.configSchema);
  }
  for (const channel of versionsOf(content, 'channels')) {
    check(`channel '${channel.id}': managed.inputsSchema`, channel.managed.inputsSchema);
    for (const { id, authSchema, routingIdFrom } of channel.unmanaged?.providers ?? []) {
      check(`channel '${channel.id}': authSchema of ${id}`, authSchema);
      const fields = authSchema.properties as Readonly<Record<string, unknown>> | undefined;
      if (routingIdFrom !== undefined && !Object.hasOwn(fields ?? {}, routingIdFrom)) {
        problems.push(
          `channel '${channel.id}': routingIdFrom of ${id} names '${routingIdFrom}', which is no field of authSchema`,
        );
      }
    }
  }
  return problems;
}
