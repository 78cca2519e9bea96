import { updateObjective } from '../../domain/objectives.ts';
import { updatePlaybook } from '../../domain/playbooks.ts';
import {
  bindingOf,
  configure,
  edit,
  move,
  on,
  request,
  type Step,
  template,
  toolId,
} from '../steps.ts';

/** An agent that is ready: its tools are configured, and one channel is disabled. */
export const SUPPORT_AGENT = 'acme-support';
const at = { agent: SUPPORT_AGENT } as const;

export const SUPPORT: readonly Step[] = [
  {
    ...at,
    at: on(21, '17:20'),
    by: 'ines',
    run: ({ services, work, ref: { org, id } }) =>
      services.agents.create(work, org, {
        id,
        name: 'Acme support',
        description: 'Answers questions about Acme products and opens tickets for the rest.',
        identity: {
          brandColor: '#137333',
          contactEmail: 'support@acme.example',
          contactPhone: '+14155550133',
          websiteUrl: 'https://support.acme.example',
          contactAvailability: 'every day, 6 am to 8 pm PT',
          identityPreamble: "You are the first line of Acme's support.",
        },
      }),
  },
  { ...at, at: on(21, '17:24'), by: 'ines', run: template('customer-support') },
  {
    ...at,
    at: on(21, '17:50'),
    by: 'ines',
    run: configure('knowledge-search', { maxPassages: 5, tags: ['public'] }),
  },
  {
    ...at,
    at: on(21, '18:05'),
    by: 'ines',
    run: configure('zendesk', {
      subdomain: 'acme',
      agentEmail: 'agent@acme.example',
      apiToken: 'demo-token-without-rights',
      tags: ['chat-agent'],
    }),
  },
  {
    ...at,
    at: on(20, '16:30'),
    by: 'pipeline',
    run: configure('custom-http-webhook', {
      url: 'https://status.acme.example/agent',
      purpose: 'Knows the event check_status, which returns the state of each service.',
    }),
  },
  {
    ...at,
    at: on(12, '21:10'),
    by: 'tom',
    message: 'The status page moves to another host',
    run: ({ services, work, ref }) =>
      services.toolBindings.setEnabled(work, ref, undefined, toolId('custom-http-webhook'), false),
  },
  {
    ...at,
    at: on(19, '16:10'),
    by: 'ines',
    run: request({
      channel: 'sms',
      mode: 'unmanaged',
      provider: 'twilio',
      auth: {
        accountSid: 'AC00000000000000000000000000000000',
        authToken: 'demo-token-without-rights',
        phoneNumber: '+14155550133',
      },
    }),
  },
  {
    ...at,
    at: on(3, '22:40'),
    by: 'ines',
    message: 'The number moves to another campaign',
    run: async (scene) => {
      const id = await bindingOf(scene, 'sms');
      return scene.services.channels.disable(scene.work, scene.ref, undefined, id);
    },
  },
  {
    ...at,
    at: on(18, '17:00'),
    by: 'ines',
    run: request({
      channel: 'rcs',
      mode: 'managed',
      inputs: { countries: ['US'], useCase: 'multiUse' },
    }),
  },
  { ...at, at: on(17, '16:00'), by: 'sysop', run: move('rcs', 'Provisioning') },
  {
    ...at,
    at: on(13, '18:30'),
    by: 'sysop',
    run: move('rcs', 'ActionRequired', {
      detail: 'The carriers ask how people opt in. Please fill in "How people opt in".',
    }),
  },
  {
    ...at,
    at: on(12, '17:15'),
    by: 'ines',
    run: async (scene) => {
      const { services, work, ref } = scene;
      const id = await bindingOf(scene, 'rcs');
      const inputs = { optInDescription: 'People agree in the account settings, under Messages.' };
      return services.channels.update(work, ref, undefined, id, { inputs });
    },
  },
  { ...at, at: on(12, '18:00'), by: 'sysop', run: move('rcs', 'Provisioning') },
  {
    ...at,
    at: on(5, '21:00'),
    by: 'sysop',
    run: move('rcs', 'Active', {
      note: 'Launched by the first carrier.',
      routingId: 'acme_support_agent',
    }),
  },
  {
    ...at,
    at: on(4, '17:30'),
    by: 'ines',
    run: async (scene) => {
      const { services, work, ref } = scene;
      const id = await bindingOf(scene, 'rcs');
      const compliance = { enabled: true, disclaimerText: 'Reply STOP to opt out, HELP for help.' };
      const delivery = { minMessageDelayMs: 500 };
      return services.channels.update(work, ref, undefined, id, { compliance, delivery });
    },
  },
  {
    ...at,
    at: on(2, '19:20'),
    by: 'assistant',
    message: 'Say when a person answers',
    run: edit(
      (it) =>
        updateObjective(it, 'hand-over-cleanly', {
          body: 'Hand over to a person when the customer asks for one or when two answers did not help. Say when the person will answer.',
        }).agent,
    ),
  },
  {
    ...at,
    at: on(1, '16:40'),
    by: 'tom',
    run: edit(
      (it, catalog) =>
        updatePlaybook(
          it,
          'feedback-collection',
          { whenToUse: 'The problem is solved and the customer has thanked you.' },
          catalog,
        ).agent,
    ),
  },
];
