import { graphql } from '../../graphql/graphql.ts';

export const TOOLS = graphql(`
  query Tools($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        toolBindings {
          toolId
          name
          enabled
          config
          configStatus
          missing
          oauth { state connectedAt lastError }
          tool { description configSchema }
        }
      }
    }
  }
`);

export const CATALOG_TOOLS = graphql(`
  query CatalogTools {
    catalog {
      tools { id name description configSchema }
    }
  }
`);

export const BIND_TOOL = graphql(`
  mutation BindTool($org: ID!, $agent: ID!, $tool: ID!, $config: JSONObject!) {
    replaceToolBinding(org: $org, agent: $agent, id: $tool, input: { config: $config }) {
      toolBinding { toolId }
    }
  }
`);

export const CONFIGURE_TOOL = graphql(`
  mutation ConfigureTool($org: ID!, $agent: ID!, $tool: ID!, $config: JSONObject!) {
    updateToolBinding(org: $org, agent: $agent, id: $tool, input: { config: $config }) {
      toolBinding { toolId }
    }
  }
`);

export const ENABLE_TOOL = graphql(`
  mutation EnableTool($org: ID!, $agent: ID!, $tool: ID!) {
    enableToolBinding(org: $org, agent: $agent, id: $tool) { toolBinding { toolId } }
  }
`);

export const DISABLE_TOOL = graphql(`
  mutation DisableTool($org: ID!, $agent: ID!, $tool: ID!) {
    disableToolBinding(org: $org, agent: $agent, id: $tool) { toolBinding { toolId } }
  }
`);

export const REMOVE_TOOL = graphql(`
  mutation RemoveTool($org: ID!, $agent: ID!, $tool: ID!) {
    deleteToolBinding(org: $org, agent: $agent, id: $tool) { id }
  }
`);

export const START_OAUTH = graphql(`
  mutation StartOAuth($org: ID!, $agent: ID!, $tool: ID!) {
    startToolOAuth(org: $org, agent: $agent, id: $tool) { authorizationUrl }
  }
`);

export const DISCONNECT = graphql(`
  mutation DisconnectTool($org: ID!, $agent: ID!, $tool: ID!) {
    disconnectToolOAuth(org: $org, agent: $agent, id: $tool) { state }
  }
`);
