import { graphql } from '../../graphql/graphql.ts';

export const SHOWN = graphql(`
  fragment ShownPrompt on AgentPrompt {
    text
    characters
    estimatedTokens
    sections { section estimatedTokens items { itemId estimatedTokens } }
    spans { start end section itemId field derivedFrom { templateId version } }
    withheld { kind id reason toolId }
  }
`);

export const PROMPT = graphql(
  `
    query Prompt($org: ID!, $agent: ID!, $playbook: ID, $person: ID, $channel: ChannelName) {
      org(id: $org) {
        agent(id: $agent) {
          skills { id source }
          prompt(playbook: $playbook, person: $person, channel: $channel) { ...ShownPrompt }
        }
      }
    }
  `,
  [SHOWN],
);

/** Of which conversations there is a prompt. */
export const CONVERSATIONS = graphql(`
  query PromptConversations($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        playbooks { id name isDefault }
        channels { channel }
      }
    }
  }
`);
