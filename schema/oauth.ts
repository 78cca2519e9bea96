import type { Agent } from '../src/domain/agents.ts';
import {
  OAUTH_STATES,
  type OAuthStatus,
  REVOCATIONS,
  type Revocation,
} from '../src/domain/oauth.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';
import { ToolBindingRef } from './tool-bindings.ts';

const OAuthStateEnum = enumOf('OAuthState', 'How the OAuth grant of a tool stands.', OAUTH_STATES, {
  'not-connected': 'No grant was given.',
  connected: 'The tool can be used.',
  expired: 'The access token is over, and the provider gave nothing to renew it with.',
  revoked: 'The provider says that the grant is no longer valid.',
  error: 'The access token could not be renewed; it is tried again.',
});

const RevocationEnum = enumOf(
  'OAuthRevocation',
  'What the provider did when a grant was given up. The credential is deleted in any case.',
  REVOCATIONS,
  {
    revoked: 'It revoked the grant.',
    refused: 'It refused to.',
    unreachable: 'It did not answer in time.',
    unsupported: 'It cannot be asked: it offers no revocation, or is not configured here.',
    none: 'There was nothing to revoke.',
  },
);

const OAuthStatusRef = builder.objectRef<OAuthStatus>('OAuthStatus').implement({
  description: 'How the OAuth grant of a tool stands. It never tells a token.',
  fields: (t) => ({
    state: t.expose('state', { type: OAuthStateEnum, description: 'How it stands.' }),
    connectedAt: t.expose('connectedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the grant was given; unset while not connected.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'What went wrong last.',
    }),
  }),
});

builder.objectField(ToolBindingRef, 'oauth', (t) =>
  t.field({
    type: OAuthStatusRef,
    nullable: true,
    description:
      'How its OAuth grant stands; unset for a tool that takes none. An expired access token is renewed first.',
    resolve: ({ agent, binding }, _, { services, loaders, work }) =>
      services.oauth.statusOfBinding(work, agent, binding, (key) => loaders.credential.load(key)),
  }),
);

builder.objectField(AgentRef, 'toolOAuth', (t) =>
  t.field({
    type: OAuthStatusRef,
    nullable: true,
    description:
      'How the OAuth grant of one bound tool stands. Null, with an error, when the tool is not bound or takes none.',
    reads: ['toolBindings'],
    args: { id: t.arg.id({ required: true, description: "The tool's catalog id." }) },
    resolve: (agent, { id }, { services, loaders, work }) =>
      services.oauth.status(work, agent, id, (key) => loaders.credential.load(key)),
  }),
);

const StartToolOAuthInput = builder.inputType('StartToolOAuthInput', {
  description: 'How a grant is to be given.',
  fields: (t) => ({
    returnTo: t.field({
      type: 'HttpUrl',
      description:
        'Where the browser goes once it is given or refused, with `oauthStatus` and `toolId` or `reason`. On a host that is not allowed, a page is shown instead.',
    }),
  }),
});

const StartToolOAuthPayload = builder
  .objectRef<{ authorizationUrl: string }>('StartToolOAuthPayload')
  .implement({
    description: 'A grant that was begun.',
    fields: (t) => ({
      authorizationUrl: t.exposeString('authorizationUrl', {
        description: "Where the operator's browser goes; for ten minutes, and once.",
      }),
    }),
  });

const DisconnectToolOAuthPayload = builder
  .objectRef<{ agent: Agent; revocation: Revocation }>('DisconnectToolOAuthPayload')
  .implement({
    description: 'A grant that was given up.',
    fields: (t) => ({
      state: t.field({
        type: OAuthStateEnum,
        description: 'How it stands now.',
        resolve: () => 'not-connected' as const,
      }),
      revocation: t.expose('revocation', {
        type: RevocationEnum,
        description: 'What the provider did.',
      }),
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
    }),
  });

builder.mutationFields((t) => {
  const right = mayInOrg('editor', 'agents:write');
  const { org, agent, expectedVersion } = agentArgs(t.arg);
  const id = t.arg.id({ required: true, description: "The tool's catalog id." });
  return {
    startToolOAuth: t.field({
      type: StartToolOAuthPayload,
      ...right,
      description: 'Begins the OAuth grant of a bound tool.',
      args: { org, agent, id, input: t.arg({ type: StartToolOAuthInput, description: 'How.' }) },
      resolve: async (_, given, { services, work }) => ({
        authorizationUrl: await services.oauthGrants.start(
          work,
          { org: given.org, id: given.agent },
          given.id,
          given.input?.returnTo ?? undefined,
        ),
      }),
    }),
    disconnectToolOAuth: t.field({
      type: DisconnectToolOAuthPayload,
      ...right,
      description:
        'Revokes the grant of a tool at its provider and deletes the credential. The tool stays bound.',
      args: { org, agent, expectedVersion, id },
      resolve: (_, given, { services, work }) =>
        services.oauth.disconnect(
          work,
          { org: given.org, id: given.agent },
          given.expectedVersion,
          given.id,
        ),
    }),
  };
});
