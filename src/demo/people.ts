import type { ChannelUser } from '../domain/channel-users.ts';
import type { PersonInput } from '../domain/people.ts';
import { demoUser } from './traffic.ts';

export interface DemoPerson {
  readonly person: PersonInput;
  readonly journal?: readonly string[];
  /** Start of an appointment, in hours from now. */
  readonly call?: number;
  /** A user of the demo traffic who is the person, beside those of the phone number. */
  readonly user?: ChannelUser;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    person: {
      firstName: 'Dana',
      lastName: 'Whitfield',
      email: 'dana@brightclinics.example',
      phone: '+14155550101',
      company: 'Bright Clinics',
      title: 'Head of Support',
      status: 'qualified',
      source: 'Trade show',
      customFields: { plan: 'Team', seats: '40' },
    },
    journal: ['Runs support for a chain of clinics.', 'Asked for a demo; about 40 seats.'],
    call: 26,
  },
  {
    person: {
      firstName: 'Marco',
      lastName: 'Ruiz',
      email: 'marco@ruizlogistics.example',
      phone: '+14155550102',
      company: 'Ruiz Logistics',
      status: 'contacted',
      source: 'Website',
    },
    journal: ['Wants to know whether it works with WhatsApp.'],
    call: 50,
  },
  {
    person: {
      fullName: 'Aiko Tanaka',
      email: 'aiko@northwind.example',
      company: 'Northwind',
      title: 'COO',
      status: 'converted',
      customFields: { plan: 'Pro' },
    },
    user: demoUser(4),
  },
  { person: { firstName: 'Sam', phone: '+14155550103', status: 'new', source: 'Outreach link' } },
  {
    person: {
      firstName: 'Priya',
      lastName: 'Nair',
      email: 'priya@helpinghands.example',
      company: 'Helping Hands',
      status: 'new',
      notes: 'Non-profit: asked for the discount.',
    },
  },
];
