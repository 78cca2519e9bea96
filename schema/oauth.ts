import type { Agent } from '../src/domain/agents.ts';
import {
  OAUTH_STATES,
  type OAuthStatus,
  REVOCATIONS,
  type Revocation,
} from '../src/domain/oauth.ts';
import { serviceMutation } from './agent-mutations.ts';
import { agentRefArgs, idArg } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';
import { TOOL_ID, ToolBindingRef } from './tool-bindings.ts';

const OAuthStateEnum = enumOf(
  'OAuthState',
  'The state of the OAuth grant of a tool.',
  OAUTH_STATES,
  {
    'not-connected': 'There is no grant.',
    connected: 'The grant is valid: the tool can be used.',
    expired: 'The access token has expired and there is no refresh token.',
    revoked: 'The provider reports that the grant is no longer valid.',
    error: 'The access token could not be renewed. The service retries.',
  },
);

const RevocationEnum = enumOf(
  'OAuthRevocation',
  'The outcome of a revocation at the provider. The credential is deleted in any case.',
  REVOCATIONS,
  {
    revoked: 'The provider revoked the grant.',
    refused: 'The provider refused.',
    unreachable: 'The provider did not answer in time.',
    unsupported: 'The provider offers no revocation, or is not configured in this service.',
    none: 'There was nothing to revoke.',
  },
);

const OAuthStatusRef = builder.objectRef<OAuthStatus>('OAuthStatus').implement({
  description: 'The OAuth grant of a tool. It never contains a token.',
  fields: (t) => ({
    state: t.expose('state', { type: OAuthStateEnum, description: 'The state.' }),
    connectedAt: t.expose('connectedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the grant was given. Unset while there is none.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'The last failure.',
    }),
  }),
});

builder.objectField(ToolBindingRef, 'oauth', (t) =>
  t.field({
    type: OAuthStatusRef,
    nullable: true,
    description:
      'The OAuth grant of the tool. Unset if the tool requires none. An expired access token is renewed first.',
    resolve: ({ agent, binding }, _, { services, loaders, work }) =>
      services.oauth.statusOfBinding(work, agent, binding, (key) => loaders.credential.load(key)),
  }),
);

builder.objectField(AgentRef, 'toolOAuth', (t) =>
  t.field({
    type: OAuthStatusRef,
    nullable: true,
    fails: ['tool_binding.not_found', 'oauth.not_supported'],
    description:
      'The OAuth grant of one bound tool. Null, with an error `tool_binding.not_found` or `oauth.not_supported`, if the tool is not bound or requires no grant.',
    reads: ['toolBindings'],
    args: { id: idArg(t.arg, TOOL_ID) },
    resolve: (agent, { id }, { services, loaders, work }) =>
      services.oauth.status(work, agent, id, (key) => loaders.credential.load(key)),
  }),
);

const StartToolOAuthInput = builder.inputType('StartToolOAuthInput', {
  description: 'Options of an OAuth grant.',
  fields: (t) => ({
    returnTo: t.field({
      type: 'HttpUrl',
      description:
        'The URL that the browser is redirected to when the grant is complete, with `oauthStatus=success&toolId=…` or `oauthStatus=error&reason=…`. If its host is not allowed, a page is shown instead.',
    }),
  }),
});

const StartToolOAuthPayload = builder
  .objectRef<{ authorizationUrl: string }>('StartToolOAuthPayload')
  .implement({
    description: 'A started OAuth grant.',
    fields: (t) => ({
      authorizationUrl: t.exposeString('authorizationUrl', {
        description: "The URL for the operator's browser. It is valid once, for 10 minutes.",
      }),
    }),
  });

const DisconnectToolOAuthPayload = builder
  .objectRef<{ agent: Agent; revocation: Revocation }>('DisconnectToolOAuthPayload')
  .implement({
    description: 'A removed OAuth grant.',
    fields: (t) => ({
      state: t.field({
        type: OAuthStateEnum,
        description: 'The state of the grant now.',
        resolve: () => 'not-connected' as const,
      }),
      revocation: t.expose('revocation', {
        type: RevocationEnum,
        description: 'The outcome of the revocation at the provider.',
      }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
    }),
  });

builder.mutationFields((t) => {
  const scope = 'agents:write';
  const id = idArg(t.arg, TOOL_ID);
  return {
    // Changes no agent: it has no `expectedVersion`.
    startToolOAuth: t.field({
      type: StartToolOAuthPayload,
      ...mayInOrg('editor', scope),
      fails: [
        'agent.not_found',
        'tool_binding.not_found',
        'oauth.not_supported',
        'oauth.provider_not_configured',
        'oauth.provider_unavailable',
      ],
      description: 'Starts the OAuth grant of a bound tool.',
      args: {
        ...agentRefArgs(t.arg),
        id,
        input: t.arg({ type: StartToolOAuthInput, description: 'The options.' }),
      },
      resolve: async (_, given, { services, work }) => {
        const ref = { org: given.org, id: given.agent };
        const returnTo = given.input?.returnTo ?? undefined;
        return {
          authorizationUrl: await services.oauthGrants.start(work, ref, given.id, returnTo),
        };
      },
    }),
    disconnectToolOAuth: serviceMutation(t, DisconnectToolOAuthPayload, {
      scope,
      fails: ['tool_binding.not_found', 'oauth.not_supported'],
      description:
        'Revokes the OAuth grant of a tool at its provider and deletes the credential. The tool stays bound.',
      args: { id },
      call: (target, { id }, { oauth }) => oauth.disconnect(...target, id),
    }),
  };
});
