import { graphql } from '../../graphql/graphql.ts';

export const CHANNELS = graphql(`
  query Channels($org: ID!, $agent: ID!) {
    org(id: $org) {
      agent(id: $agent) {
        channels {
          id
          channel
          mode
          provider
          routingId
          status
          statusDetail
          inputs
          compliance { enabled disclaimerText }
          delivery { minMessageDelayMs }
          events { at actor to note }
        }
      }
    }
  }
`);

export const CHANNEL_FORMS = graphql(`
  query ChannelForms {
    catalog {
      channels {
        id
        name
        description
        carrierCompliance
        managed {
          inputsSchema
          instant
          provisioning { copy expectedDuration }
        }
        unmanaged {
          providers { id name description authSchema }
        }
      }
    }
  }
`);

export const CREATE_CHANNEL = graphql(`
  mutation CreateChannel($org: ID!, $agent: ID!, $input: CreateChannelInput!) {
    createChannel(org: $org, agent: $agent, input: $input) { channel { id } }
  }
`);

export const UPDATE_CHANNEL = graphql(`
  mutation UpdateChannel($org: ID!, $agent: ID!, $channel: ID!, $input: UpdateChannelInput!) {
    updateChannel(org: $org, agent: $agent, id: $channel, input: $input) { channel { id } }
  }
`);

export const ENABLE_CHANNEL = graphql(`
  mutation EnableChannel($org: ID!, $agent: ID!, $channel: ID!) {
    enableChannel(org: $org, agent: $agent, id: $channel) { channel { id } }
  }
`);

export const DISABLE_CHANNEL = graphql(`
  mutation DisableChannel($org: ID!, $agent: ID!, $channel: ID!) {
    disableChannel(org: $org, agent: $agent, id: $channel) { channel { id } }
  }
`);

export const DELETE_CHANNEL = graphql(`
  mutation DeleteChannel($org: ID!, $agent: ID!, $channel: ID!) {
    deleteChannel(org: $org, agent: $agent, id: $channel) { channel { id } }
  }
`);
