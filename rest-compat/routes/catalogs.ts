import type { Route } from '../route.ts';

/** A kind of catalog. */
interface Kind {
  /** The segment of its path. */
  readonly kind: string;
  /** The id of one item, as an example. */
  readonly id: string;
  /** For summaries, with its article: `an agent template`. */
  readonly noun: string;
  /** The field of its list in the schema. */
  readonly list: string;
  /** The field of one item in the schema. */
  readonly one: string;
  /** The selected fields of an item. */
  readonly item: string;
}

const TEMPLATE = 'id version name description';

const kinds: readonly Kind[] = [
  {
    kind: 'agent-templates',
    id: '@anychat/agent-template.sales-development',
    noun: 'an agent template',
    list: 'agentTemplates',
    one: 'agentTemplate',
    item: `${TEMPLATE} category identityPreamble playbookTemplateIds personalityTemplateId
      objectiveTemplateIds guardrailTemplateIds skillTemplateIds recommendedToolIds`,
  },
  {
    kind: 'playbook-templates',
    id: '@anychat/playbook-template.sales-discovery',
    noun: 'a playbook template',
    list: 'playbookTemplates',
    one: 'playbookTemplate',
    item: `${TEMPLATE} whenToUse body examples { role content } derivedSkillTemplateIds
      isDefault isOutbound`,
  },
  {
    kind: 'skill-templates',
    id: '@anychat/skill-template.call-booking',
    noun: 'a skill template',
    list: 'skillTemplates',
    one: 'skillTemplate',
    item: `${TEMPLATE} body requiredTools`,
  },
  {
    kind: 'objective-templates',
    id: '@anychat/objective-template.qualify-leads',
    noun: 'an objective template',
    list: 'objectiveTemplates',
    one: 'objectiveTemplate',
    item: `${TEMPLATE} body`,
  },
  {
    kind: 'personality-templates',
    id: '@anychat/personality-template.professional',
    noun: 'a personality template',
    list: 'personalityTemplates',
    one: 'personalityTemplate',
    item: `${TEMPLATE} promptFragment`,
  },
  {
    kind: 'guardrail-templates',
    id: '@anychat/guardrail-template.general-business',
    noun: 'a guardrail template',
    list: 'guardrailTemplates',
    one: 'guardrailTemplate',
    item: `${TEMPLATE} topicsToAvoid claimsNotToMake requiredDisclaimers`,
  },
  {
    kind: 'tools',
    id: '@anychat/tool.custom-http-webhook',
    noun: 'a tool',
    list: 'tools',
    one: 'tool',
    item: `${TEMPLATE} category parameters configSchema`,
  },
  {
    kind: 'channels',
    id: 'webchat',
    noun: 'a channel',
    list: 'channels',
    one: 'channel',
    item: `id name description
      managed { instant provisioning { expectedDuration copy } inputsSchema }
      unmanaged { providers { id name description authSchema routingIdFrom } }
      carrierCompliance`,
  },
  {
    kind: 'log-events',
    id: 'llm.call',
    noun: 'a log event',
    list: 'logEvents',
    one: 'logEvent',
    item: 'id name description level dataFields',
  },
  {
    kind: 'webhook-events',
    id: 'agent.updated',
    noun: 'a webhook event',
    list: 'webhookEvents',
    one: 'webhookEvent',
    item: 'id name description resource',
  },
];

export const catalogRoutes: readonly Route[] = kinds.flatMap(
  ({ kind, id, noun, list, one, item }) => [
    {
      method: 'GET',
      path: `/catalogs/${kind}`,
      summary: `Lists the ${noun.replace(/^an? /, '')}s of the catalog`,
      operation: `{ catalog { ${list} { ${item} } } }`,
      pick: `catalog.${list}`,
      envelope: { kind },
    },
    {
      method: 'GET',
      path: `/catalogs/${kind}/{id}`,
      summary: `Returns ${noun} of the catalog`,
      operation: `query ($id: ID!) { catalog { ${one}(id: $id) { ${item} } } }`,
      examples: { id },
      pick: `catalog.${one}`,
    },
  ],
);
