import { updateAgent } from '../../domain/agents.ts';
import {
  configure,
  connect,
  DAY_MS,
  edit,
  HOUR_MS,
  move,
  on,
  request,
  type Step,
  template,
  toolId,
} from '../steps.ts';

/** Agents that are not ready: their channels and grants are in the other states. */
export const CLINIC_AGENT = 'bright-clinics';
const clinic = { agent: CLINIC_AGENT } as const;
const events = { agent: 'spring-summit' } as const;
const onboarding = { agent: 'acme-onboarding' } as const;
const store = { agent: 'acme-store' } as const;
const TOKENS = { accessToken: 'demo-token-without-rights' };

function creation(name: string, description: string): Step['run'] {
  return ({ services, work, ref: { org, id } }) =>
    services.agents.create(work, org, { id, name, description });
}

export const OTHERS: readonly Step[] = [
  {
    ...clinic,
    at: on(16, '17:00'),
    by: 'ines',
    run: creation('Bright Clinics front desk', 'Books and moves appointments for three clinics.'),
  },
  { ...clinic, at: on(16, '17:03'), by: 'ines', run: template('clinic-appointments') },
  { ...clinic, at: on(16, '17:20'), by: 'ines', run: configure('knowledge-search', {}) },
  {
    ...clinic,
    at: on(16, '17:30'),
    by: 'ines',
    run: configure('google-calendar', {
      calendarId: 'front-desk@brightclinics.example',
      timeZone: 'America/Los_Angeles',
      workingHoursStart: '08:00',
      bufferMinutes: 10,
    }),
  },
  {
    ...clinic,
    at: on(16, '17:36'),
    by: 'ines',
    run: connect('google-calendar', 'google', () => TOKENS),
  },
  {
    ...clinic,
    at: on(15, '16:20'),
    by: 'tom',
    run: request({ channel: 'sms', mode: 'managed', inputs: { useCase: 'appointmentReminders' } }),
  },
  { ...clinic, at: on(15, '20:00'), by: 'sysop', run: move('sms', 'Provisioning') },
  {
    ...clinic,
    at: on(6, '18:45'),
    by: 'sysop',
    run: move('sms', 'ActionRequired', {
      detail:
        'The campaign was sent back: the privacy policy has to say that mobile numbers are not passed on.',
    }),
  },
  {
    ...clinic,
    at: on(14, '19:00'),
    by: 'tom',
    run: request({ channel: 'whatsapp', mode: 'managed', inputs: { category: 'health' } }),
  },
  { ...clinic, at: on(4, '16:00'), by: 'sysop', run: move('whatsapp', 'Provisioning') },
  {
    ...clinic,
    at: on(2, '20:30'),
    by: 'tom',
    message: 'A fourth clinic opens on Monday',
    run: edit((it) =>
      updateAgent(it, { description: 'Books and moves appointments for four clinics.' }),
    ),
  },
  {
    ...events,
    at: on(14, '16:30'),
    by: 'tom',
    run: creation('Spring summit', 'Invites guests and registers them for the summit in spring.'),
  },
  { ...events, at: on(14, '16:34'), by: 'tom', run: template('event-registration') },
  { ...events, at: on(14, '16:50'), by: 'tom', run: configure('luma-events', {}) },
  {
    ...events,
    at: on(14, '17:00'),
    by: 'tom',
    run: configure('google-sheets', { spreadsheetId: 'demo-spreadsheet-of-guests' }),
  },
  {
    ...events,
    at: on(14, '17:02'),
    by: 'tom',
    run: connect('google-sheets', 'google', (at) => ({
      ...TOKENS,
      refreshToken: 'demo-token-without-rights',
      expiresAt: new Date(at + HOUR_MS).toISOString(),
    })),
  },
  {
    ...events,
    at: on(13, '17:30'),
    by: 'tom',
    run: request({ channel: 'rcs', mode: 'managed', inputs: { countries: ['US', 'CA'] } }),
  },
  {
    ...events,
    at: on(11, '18:00'),
    by: 'tom',
    run: request({ channel: 'viber', mode: 'managed', inputs: { countries: ['GR'] } }),
  },
  { ...events, at: on(10, '16:00'), by: 'sysop', run: move('viber', 'Provisioning') },
  {
    ...events,
    at: on(5, '19:15'),
    by: 'sysop',
    run: move('viber', 'Failed', {
      detail: 'Viber does not open bots for single events. Ask for WhatsApp in its place.',
    }),
  },
  {
    ...onboarding,
    at: on(12, '16:00'),
    by: 'pipeline',
    run: creation('Acme onboarding', 'Leads new customers through their first two weeks.'),
  },
  { ...onboarding, at: on(12, '16:01'), by: 'pipeline', run: template('customer-onboarding') },
  {
    ...onboarding,
    at: on(12, '16:02'),
    by: 'pipeline',
    run: configure('hubspot-crm', {
      privateAppToken: 'demo-token-without-rights',
      createMissingContacts: false,
    }),
  },
  {
    ...onboarding,
    at: on(12, '16:30'),
    by: 'ines',
    run: configure('slack-crm', { channelId: 'C0123456789' }),
  },
  {
    ...onboarding,
    at: on(12, '16:32'),
    by: 'ines',
    run: connect('slack-crm', 'slack', () => TOKENS),
  },
  {
    ...onboarding,
    at: on(3, '04:10'),
    by: 'runtime',
    run: ({ services, work, ref }) =>
      services.oauth.ended(work, ref, toolId('slack-crm'), 'Slack: token_revoked'),
  },
  {
    ...onboarding,
    at: on(11, '20:00'),
    by: 'ines',
    run: configure('google-calendar', { calendarId: 'primary' }),
  },
  {
    ...onboarding,
    at: on(11, '20:02'),
    by: 'ines',
    run: connect('google-calendar', 'google', (at) => ({
      ...TOKENS,
      expiresAt: new Date(at + DAY_MS).toISOString(),
    })),
  },
  {
    ...store,
    at: on(9, '21:00'),
    by: 'assistant',
    run: creation('Acme store', 'A draft: advises shoppers and reports where their order is.'),
  },
  { ...store, at: on(9, '21:01'), by: 'assistant', run: template('ecommerce-concierge') },
];
