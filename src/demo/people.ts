import type { ChannelUser } from '../domain/channel-users.ts';
import type { PersonInput, PersonJournalEntry, PersonStatus } from '../domain/people.ts';
import type { PersonDoc } from '../people/collection.ts';
import type { AuthorName } from './authors.ts';
import { ahead, on, type Scene, type Step } from './steps.ts';
import { CLINIC_AGENT } from './stories/others.ts';
import { SALES_AGENT } from './stories/sales.ts';
import { SUPPORT_AGENT } from './stories/support.ts';
import { demoUser } from './traffic.ts';

interface DemoPerson {
  readonly agent: string;
  /** Days before now. */
  readonly since: number;
  /** Unique in the demo. */
  readonly email: string;
  readonly person: Omit<PersonInput, 'email' | 'status'>;
  readonly status: PersonStatus;
  readonly journal?: readonly Pick<PersonJournalEntry, 'author' | 'text'>[];
  readonly calls?: readonly DemoCall[];
  /** A user of the demo traffic who is the person, beside those of the phone number. */
  readonly user?: ChannelUser;
  readonly representative?: string;
}

interface DemoCall {
  readonly start: Step['at'];
  /** The time that it is moved to. */
  readonly movedTo?: Step['at'];
  readonly cancelled?: string;
  readonly notes: string;
}

const PEOPLE: readonly DemoPerson[] = [
  {
    agent: SALES_AGENT,
    since: 6,
    email: 'dana@brightclinics.example',
    person: {
      firstName: 'Dana',
      lastName: 'Whitfield',
      phone: '+14155550101',
      company: 'Bright Clinics',
      title: 'Head of Support',
      source: 'Trade show',
      customFields: { plan: 'Team', seats: '40' },
    },
    status: 'qualified',
    journal: [
      { author: 'agent', text: 'Runs support for a chain of clinics.' },
      { author: 'operator', text: 'Met at the trade show; prefers calls in the afternoon.' },
      { author: 'agent', text: 'Asked for a demo; about 40 seats.' },
    ],
    calls: [{ start: ahead(2, '22:00'), notes: 'Booked in the chat.' }],
    representative: 'jo-park',
  },
  {
    agent: SALES_AGENT,
    since: 5,
    email: 'marco@ruizlogistics.example',
    person: {
      firstName: 'Marco',
      lastName: 'Ruiz',
      phone: '+14155550102',
      company: 'Ruiz Logistics',
      source: 'Website',
    },
    status: 'contacted',
    journal: [{ author: 'agent', text: 'Wants to know whether it works with WhatsApp.' }],
    calls: [
      {
        start: ahead(3, '17:30'),
        movedTo: ahead(5, '18:00'),
        notes: 'Moved: he is travelling on the first day.',
      },
    ],
  },
  {
    agent: SALES_AGENT,
    since: 7,
    email: 'aiko@northwind.example',
    person: {
      fullName: 'Aiko Tanaka',
      company: 'Northwind',
      title: 'COO',
      customFields: { plan: 'Pro' },
    },
    status: 'converted',
    journal: [{ author: 'operator', text: 'Signed for 25 seats.' }],
    calls: [{ start: on(2, '18:30'), notes: 'Went through the contract.' }],
    user: demoUser(4),
    representative: 'jo-park',
  },
  {
    agent: SALES_AGENT,
    since: 2,
    email: 'sam@lakeside.example',
    person: { firstName: 'Sam', phone: '+14155550103', source: 'Outreach link' },
    status: 'new',
  },
  {
    agent: SALES_AGENT,
    since: 1,
    email: 'priya@helpinghands.example',
    person: {
      firstName: 'Priya',
      lastName: 'Nair',
      company: 'Helping Hands',
      notes: 'Non-profit: asked for the discount.',
    },
    status: 'new',
  },
  {
    agent: SALES_AGENT,
    since: 6,
    email: 'helen@okaforpartners.example',
    person: {
      firstName: 'Helen',
      lastName: 'Okafor',
      phone: '+14155550105',
      company: 'Okafor & Partners',
      title: 'Managing Partner',
      source: 'Referral',
    },
    status: 'lost',
    journal: [
      { author: 'agent', text: 'Compares three products; the budget is fixed.' },
      { author: 'operator', text: 'Chose another product because of the price.' },
    ],
    calls: [
      { start: on(1, '19:00'), cancelled: 'Has decided for another product.', notes: 'Price.' },
    ],
  },
  {
    agent: SALES_AGENT,
    since: 4,
    email: 'jonas@fjordworks.example',
    person: {
      firstName: 'Jonas',
      lastName: 'Lindqvist',
      phone: '+14155550106',
      company: 'Fjordworks',
      title: 'Operations Manager',
      source: 'Website',
      customFields: { seats: '12' },
    },
    status: 'qualified',
    journal: [{ author: 'agent', text: 'Decides this month; needs an offer for 12 seats.' }],
    calls: [{ start: ahead(4, '21:30'), notes: 'Wants to see the reports.' }],
    representative: 'lee-marsh',
  },
  {
    agent: SUPPORT_AGENT,
    since: 6,
    email: 'grace@meadowbakery.example',
    person: {
      firstName: 'Grace',
      lastName: 'Bennett',
      phone: '+14155550145',
      company: 'Meadow Bakery',
      customFields: { ticketNumber: '58213' },
    },
    status: 'converted',
    journal: [{ author: 'agent', text: 'Was charged twice; ticket 58213.' }],
  },
  {
    agent: SUPPORT_AGENT,
    since: 3,
    email: 'ivan@petrovprint.example',
    person: {
      firstName: 'Ivan',
      lastName: 'Petrov',
      phone: '+14155550146',
      company: 'Petrov Print',
    },
    status: 'contacted',
    journal: [{ author: 'agent', text: 'Exports more than 25,000 rows.' }],
  },
  {
    agent: CLINIC_AGENT,
    since: 5,
    email: 'nadia@mail.example',
    person: {
      firstName: 'Nadia',
      lastName: 'Haddad',
      phone: '+14155550109',
      customFields: { appointmentTime: 'Friday at 10:40' },
    },
    status: 'contacted',
    calls: [{ start: ahead(2, '18:40'), notes: 'Check-up.' }],
  },
  {
    agent: CLINIC_AGENT,
    since: 2,
    email: 'oliver@mail.example',
    person: { firstName: 'Oliver', lastName: 'Grant', phone: '+14155550110' },
    status: 'new',
  },
];

/** The past of the people, as changes by the runtime and by members. */
export const PEOPLE_STEPS: readonly Step[] = PEOPLE.flatMap(stepsOf);

function stepsOf(person: DemoPerson, index: number): Step[] {
  const { agent, since, email, status, journal = [], calls = [], user, representative } = person;
  let minute = index;
  /** The next step of the person, some minutes after the previous one. */
  const step = (by: AuthorName, run: (scene: Scene, id: string) => Promise<unknown>): Step => {
    minute += 7;
    const time = `${20 + Math.floor(minute / 60)}:${minute % 60}`;
    const found = async (scene: Scene) => run(scene, (await personOf(scene, email)).id);
    return { at: on(since, time), by, agent, run: found };
  };
  const creation: Step = {
    at: on(since, `19:${30 + index}`),
    by: 'runtime',
    agent,
    run: ({ services, work, ref }) =>
      services.people.create(work, ref, { ...person.person, email }),
  };
  return [
    creation,
    ...(user ? [step('runtime', linked(user))] : []),
    ...journal.map((entry) => step(entry.author === 'agent' ? 'runtime' : 'tom', noted(entry))),
    ...(representative ? [step('runtime', assigned(representative))] : []),
    ...calls.map((call) => step('runtime', booked(call))),
    ...(status === 'new'
      ? []
      : [
          step('tom', ({ services, work, ref }, id) =>
            services.people.update(work, ref, id, undefined, { status }),
          ),
        ]),
  ];
}

/** @throws Error if the agent has no person with the address */
async function personOf({ services, work, ref }: Scene, email: string): Promise<PersonDoc> {
  const owner = await services.agents.owner(work, ref);
  const { docs } = await services.people.list(work, owner, { q: email, first: 1 });
  const [person] = docs;
  if (!person) throw new Error(`${ref.id} has no person with the address ${email}`);
  return person;
}

type PersonStep = (scene: Scene, id: string) => Promise<unknown>;

function linked(user: ChannelUser): PersonStep {
  return ({ services, work, ref }, id) => services.peopleRuntime.link(work, ref, id, user);
}

function noted(entry: Pick<PersonJournalEntry, 'author' | 'text'>): PersonStep {
  return ({ services, work, ref, at }, id) =>
    services.peopleRuntime.note(work, ref, id, { ...entry, at: new Date(at).toISOString() });
}

function assigned(representative: string): PersonStep {
  return ({ services, work, ref }, id) =>
    services.peopleRuntime.assign(work, ref, id, representative);
}

function booked({ start, movedTo, cancelled, notes }: DemoCall): PersonStep {
  return async ({ services: { peopleRuntime }, work, ref, now }, id) => {
    const utc = (at: Step['at']) => new Date(at(now)).toISOString();
    const call = await peopleRuntime.book(work, ref, id, {
      startUtc: utc(start),
      durationMinutes: 30,
      prospectTimezone: 'America/Los_Angeles',
      representativeName: 'Jo Park',
      representativeTitle: 'Account executive',
      notes,
    });
    if (movedTo !== undefined) {
      await peopleRuntime.reschedule(work, ref, id, call.id, utc(movedTo));
    }
    if (cancelled !== undefined) await peopleRuntime.cancel(work, ref, id, call.id, cancelled);
  };
}
