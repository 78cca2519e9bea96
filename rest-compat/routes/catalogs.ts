import type { Route } from '../route.ts';

/** A kind of catalog: its path, its list and item in the schema, and what an item shows. */
interface Kind {
  readonly kind: string;
  readonly list: string;
  readonly one: string;
  readonly item: string;
}

const TEMPLATE = 'id version name description';

const kinds: readonly Kind[] = [
  {
    kind: 'agent-templates',
    list: 'agentTemplates',
    one: 'agentTemplate',
    item: `${TEMPLATE} category identityPreamble playbookTemplateIds personalityTemplateId
      objectiveTemplateIds guardrailTemplateIds skillTemplateIds recommendedToolIds`,
  },
  {
    kind: 'playbook-templates',
    list: 'playbookTemplates',
    one: 'playbookTemplate',
    item: `${TEMPLATE} whenToUse body examples { role content } derivedSkillTemplateIds
      isDefault isOutbound`,
  },
  {
    kind: 'skill-templates',
    list: 'skillTemplates',
    one: 'skillTemplate',
    item: `${TEMPLATE} body requiredTools`,
  },
  {
    kind: 'objective-templates',
    list: 'objectiveTemplates',
    one: 'objectiveTemplate',
    item: `${TEMPLATE} body`,
  },
  {
    kind: 'personality-templates',
    list: 'personalityTemplates',
    one: 'personalityTemplate',
    item: `${TEMPLATE} promptFragment`,
  },
  {
    kind: 'guardrail-templates',
    list: 'guardrailTemplates',
    one: 'guardrailTemplate',
    item: `${TEMPLATE} topicsToAvoid claimsNotToMake requiredDisclaimers`,
  },
  {
    kind: 'tools',
    list: 'tools',
    one: 'tool',
    item: `${TEMPLATE} category parameters configSchema`,
  },
  {
    kind: 'channels',
    list: 'channels',
    one: 'channel',
    item: `id name description
      managed { instant provisioning { expectedDuration copy } inputsSchema }
      unmanaged { providers { id name description authSchema routingIdFrom } }
      carrierCompliance`,
  },
  {
    kind: 'log-events',
    list: 'logEvents',
    one: 'logEvent',
    item: 'id name description level dataFields',
  },
  {
    kind: 'webhook-events',
    list: 'webhookEvents',
    one: 'webhookEvent',
    item: 'id name description resource',
  },
];

export const catalogRoutes: readonly Route[] = kinds.flatMap(({ kind, list, one, item }) => [
  {
    method: 'GET',
    path: `/catalogs/${kind}`,
    operation: `{ catalog { ${list} { ${item} } } }`,
    pick: `catalog.${list}`,
    envelope: { kind },
  },
  {
    method: 'GET',
    path: `/catalogs/${kind}/{id}`,
    operation: `query ($id: ID!) { catalog { ${one}(id: $id) { ${item} } } }`,
    pick: `catalog.${one}`,
  },
]);
