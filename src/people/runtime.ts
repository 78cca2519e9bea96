import type { AgentKey } from '../agents/collection.ts';
import {
  type Appointment,
  bookedAppointment,
  cancelled,
  type NewAppointment,
  rescheduled,
} from '../domain/appointments.ts';
import { type ChannelUser, withLink, withoutLink } from '../domain/channel-users.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import { type Person, type PersonJournalEntry, withJournalEntry } from '../domain/people.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import { type AppointmentDoc, linkOf, type PersonDoc, type PersonLinkDoc } from './collection.ts';
import type { PeopleService } from './service.ts';

const ID_LENGTH = 20;
const MAX_ATTEMPTS = 20;

/** Writes of people beside those of their fields: the journal, representatives, links, appointments. */
export class PeopleRuntime {
  readonly #people: PeopleService;
  readonly #appointments: Collection<AppointmentDoc>;
  readonly #links: Collection<PersonLinkDoc>;
  readonly #effects: Effects;

  constructor(
    people: PeopleService,
    appointments: Collection<AppointmentDoc>,
    links: Collection<PersonLinkDoc>,
    effects: Effects,
  ) {
    this.#people = people;
    this.#appointments = appointments;
    this.#links = links;
    this.#effects = effects;
  }

  /** @throws DomainError `agent.not_found`, `person.not_found` */
  note(work: Work, ref: AgentKey, personId: string, entry: PersonJournalEntry): Promise<Person> {
    return this.#people.change(work, ref, personId, undefined, (it) => withJournalEntry(it, entry));
  }

  /** `note` by an operator, now. @throws DomainError `agent.not_found`, `person.not_found` */
  noteOfOperator(work: Work, ref: AgentKey, personId: string, text: string): Promise<PersonDoc> {
    const at = this.#effects.now().toISOString();
    const entry = { at, author: 'operator', text } as const;
    return this.#people.change(work, ref, personId, undefined, (it) => withJournalEntry(it, entry));
  }

  /** @throws DomainError `agent.not_found`, `person.not_found` */
  assign(work: Work, ref: AgentKey, personId: string, representativeId: string): Promise<Person> {
    return this.#people.change(work, ref, personId, undefined, (it) => ({
      ...it,
      assignedRepresentativeId: representativeId,
    }));
  }

  /**
   * Says that a user of a channel is the person. If the user was linked to another person, that
   * link is removed first, in a commit of its own.
   *
   * @throws DomainError `agent.not_found`, `person.not_found`, `request.invalid` if the person has
   *   too many links
   */
  async link(work: Work, ref: AgentKey, personId: string, user: ChannelUser): Promise<Person> {
    const person = await this.#people.find(work, ref, personId);
    const { key } = linkOf(person, user);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const holder = await this.#links.get(work, key);
        if (holder && holder.personUid !== person.uid) {
          await this.#unlinkFrom(work, ref, holder.personId, user);
        }
        return await this.#people.change(
          work,
          ref,
          personId,
          undefined,
          (it) => withLink(it, user),
          async (_, after) => {
            const now = await this.#links.get(work, key, ['personUid']);
            if (now && now.personUid !== after.uid) throw new Overtaken();
            return now ? [] : [this.#links.toInsert(linkOf(after, user))];
          },
        );
      } catch (error) {
        if (!(error instanceof Overtaken) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Does nothing if the person was removed meanwhile: the link was removed with it. */
  async #unlinkFrom(work: Work, ref: AgentKey, personId: string, user: ChannelUser): Promise<void> {
    try {
      await this.unlink(work, ref, personId, user);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'person.not_found') throw error;
    }
  }

  /**
   * Removes the link to a user of a channel, if there is one.
   *
   * @throws DomainError `agent.not_found`, `person.not_found`
   */
  unlink(work: Work, ref: AgentKey, personId: string, user: ChannelUser): Promise<Person> {
    return this.#people.change(
      work,
      ref,
      personId,
      undefined,
      (it) => withoutLink(it, user),
      (before, after) =>
        before.linkedUsers === after.linkedUsers
          ? []
          : [this.#links.toDelete(linkOf(after, user).key)],
    );
  }

  /**
   * Books a call, which also becomes the person's scheduled call.
   *
   * @throws DomainError `agent.not_found`, `person.not_found`, `request.invalid`
   */
  async book(
    work: Work,
    ref: AgentKey,
    personId: string,
    input: NewAppointment,
  ): Promise<AppointmentDoc> {
    const id = `appt_${this.#effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const booked = bookedAppointment(input, this.#effects.now().toISOString());
    const person = await this.#people.change(
      work,
      ref,
      personId,
      undefined,
      (it) => scheduled(it, booked),
      (it) => [this.#appointments.toInsert(appointmentOf(it, id, booked))],
    );
    return appointmentOf(person, id, booked);
  }

  /** @throws DomainError `agent.not_found`, `person.not_found`, `appointment.not_found` */
  async reschedule(
    work: Work,
    ref: AgentKey,
    personId: string,
    id: string,
    startUtc: string,
    reason?: string,
  ): Promise<AppointmentDoc> {
    const at = this.#effects.now().toISOString();
    return this.#change(work, ref, personId, id, {
      appointment: (it) => rescheduled(it, startUtc, at, reason),
      person: scheduled,
    });
  }

  /** @throws DomainError `agent.not_found`, `person.not_found`, `appointment.not_found` */
  async cancel(
    work: Work,
    ref: AgentKey,
    personId: string,
    id: string,
    reason?: string,
  ): Promise<AppointmentDoc> {
    const at = this.#effects.now().toISOString();
    return this.#change(work, ref, personId, id, {
      appointment: (it) => cancelled(it, at, reason),
      person: (it, { startUtc }) => {
        // Another call may have been scheduled since.
        if (it.scheduledCallAt !== startUtc) return it;
        const { scheduledCallAt, scheduledCallTimezone, ...rest } = it;
        return rest;
      },
    });
  }

  /** Changes an appointment and its person in one commit. */
  async #change(
    work: Work,
    ref: AgentKey,
    personId: string,
    id: string,
    change: {
      readonly appointment: (appointment: AppointmentDoc) => AppointmentDoc;
      readonly person: (person: PersonDoc, appointment: Appointment) => PersonDoc;
    },
  ): Promise<AppointmentDoc> {
    const { key: person } = await this.#people.find(work, ref, personId);
    const key = `${person}/${id}`;
    for (let attempt = 1; ; attempt += 1) {
      const before = await this.#appointments.get(work, key);
      if (!before) throw notFound(id);
      const changed = change.appointment(before);
      const isChanged = changed !== before;
      const version = before.version + 1;
      const updatedAt = this.#effects.now().toISOString();
      const after = isChanged ? { ...changed, version, updatedAt } : before;
      const write = async () => {
        const now = await this.#appointments.get(work, key, []);
        if (now?.version !== before.version) throw new Overtaken();
        return isChanged ? [this.#appointments.toReplace(after, before.version)] : [];
      };
      try {
        const fn = (it: PersonDoc) => change.person(it, after);
        await this.#people.change(work, ref, personId, undefined, fn, write);
        return after;
      } catch (error) {
        if (!(error instanceof Overtaken) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }
}

function appointmentOf(
  { key: person, owner }: PersonDoc,
  id: string,
  booked: ReturnType<typeof bookedAppointment>,
): AppointmentDoc {
  return { ...booked, key: `${person}/${id}`, owner, person, id, version: 1 };
}

/** The person with an appointment as the scheduled call. */
function scheduled(
  person: PersonDoc,
  { startUtc, prospectTimezone }: Pick<Appointment, 'startUtc' | 'prospectTimezone'>,
): PersonDoc {
  return { ...person, scheduledCallAt: startUtc, scheduledCallTimezone: prospectTimezone };
}

function notFound(id: string): DomainError {
  return new DomainError('appointment.not_found', `there is no appointment '${id}'`);
}

/** The appointment or the link was changed at the same time. */
class Overtaken extends DomainError {
  constructor() {
    super('version.contended', 'too many writes at once; try again');
  }
}
