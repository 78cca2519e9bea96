import { PROMPT, type Route } from '../route.ts';

/** It has no `ETag`: it also changes with the person, with grants and with the org's name. */
export const promptRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/orgs/{org}/agents/{agent}/prompt',
    summary: 'Returns the system prompt that the model sees',
    operation: `query (
      $org: ID!, $agent: ID!, $playbookId: ID, $personId: ID, $channel: ChannelName, $version: Int
    ) {
      org(id: $org) { agent(id: $agent) {
        prompt(
          playbook: $playbookId, person: $personId, channel: $channel, version: $version
        ) ${PROMPT}
      } }
    }`,
    query: {
      playbookId: 'playbookId',
      personId: 'personId',
      channel: 'channel',
      version: 'version',
    },
    pick: 'org.agent.prompt',
    extension: true,
  },
];
