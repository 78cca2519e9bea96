import type { ObjectRef } from '@pothos/core';
import type { Catalog } from '../src/catalog/catalog.ts';
import type { CatalogItems, KindName } from '../src/catalog/types.ts';
import { idArg } from './args.ts';
import { builder, type Types } from './builder.ts';
import { ChannelManifestRef, LogEventRef, ToolRef, WebhookEventRef } from './catalog-manifests.ts';
import {
  AgentTemplateRef,
  GuardrailTemplateRef,
  ObjectiveTemplateRef,
  PersonalityTemplateRef,
  PlaybookTemplateRef,
  SkillTemplateRef,
  SystemSkillRef,
} from './catalog-templates.ts';
import { may } from './rights.ts';
import { TEXT } from './texts.ts';

const CatalogRef = builder.objectRef<Catalog>('Catalog').implement({
  description: 'Read-only starter content and manifests, the same for every caller.',
});

/**
 * Adds the fields of one catalog kind: its list, and one item by id.
 *
 * @param versioned whether earlier versions can be read
 */
function addKind<K extends KindName>(
  kind: K,
  one: string,
  type: ObjectRef<Types, CatalogItems[K]>,
  noun: string,
  versioned = false,
): void {
  builder.objectFields(CatalogRef, (t) => {
    const id = idArg(t.arg, `The ${noun}'s id.`);
    const version = t.arg({ ...TEXT.version, description: 'The version. If omitted, the latest.' });
    const args: { id: typeof id; version?: typeof version } = versioned ? { id, version } : { id };
    return {
      [kind]: t.field({
        type: [type],
        description: `The ${noun}s of the catalog, at their latest versions.`,
        // Pothos cannot see that a type parameter is no list.
        resolve: (catalog) => catalog[kind].list() as never,
      }),
      [one]: t.field({
        type,
        nullable: true,
        fails: ['catalog.not_found'],
        description: `One ${noun}. Null, with an error \`catalog.not_found\`, if it does not exist.`,
        args,
        resolve: (catalog, given) => catalog[kind].require(given.id, given.version) as never,
      }),
    };
  });
}

addKind('agentTemplates', 'agentTemplate', AgentTemplateRef, 'agent template', true);
addKind('playbookTemplates', 'playbookTemplate', PlaybookTemplateRef, 'playbook template', true);
addKind('skillTemplates', 'skillTemplate', SkillTemplateRef, 'skill template', true);
addKind(
  'objectiveTemplates',
  'objectiveTemplate',
  ObjectiveTemplateRef,
  'objective template',
  true,
);
addKind(
  'personalityTemplates',
  'personalityTemplate',
  PersonalityTemplateRef,
  'personality template',
  true,
);
addKind(
  'guardrailTemplates',
  'guardrailTemplate',
  GuardrailTemplateRef,
  'guardrail template',
  true,
);
addKind('tools', 'tool', ToolRef, 'tool');
addKind('systemSkills', 'systemSkill', SystemSkillRef, 'system skill');
addKind('channels', 'channel', ChannelManifestRef, 'channel');
addKind('logEvents', 'logEvent', LogEventRef, 'log event');
addKind('webhookEvents', 'webhookEvent', WebhookEventRef, 'webhook event');

builder.queryField('catalog', (t) =>
  t.field({
    type: CatalogRef,
    ...may(null, 'catalogs:read', () => undefined),
    description: 'Read-only starter content and manifests, the same for every caller.',
    resolve: (_, __, { services }) => services.catalog,
  }),
);
