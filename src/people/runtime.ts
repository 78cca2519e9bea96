import { type AgentKey, ownerKey } from '../agents/collection.ts';
import type { AgentService } from '../agents/service.ts';
import {
  type Appointment,
  bookedAppointment,
  cancelled,
  type NewAppointment,
  rescheduled,
} from '../domain/appointments.ts';
import type { Effects } from '../domain/effects.ts';
import { DomainError } from '../domain/errors.ts';
import { URL_SAFE_ALPHABET } from '../domain/ids.ts';
import { type Person, type PersonJournalEntry, withJournalEntry } from '../domain/people.ts';
import { Records } from '../records/records.ts';
import type { Collection } from '../store/port.ts';
import type { Work } from '../work.ts';
import { type AppointmentDoc, personKey } from './collection.ts';
import type { PeopleService } from './service.ts';

const ID_LENGTH = 20;

/** What the runtime writes of people and no operator may: the journal, representatives, appointments. */
export class PeopleRuntime {
  readonly #people: PeopleService;
  readonly #stored: Collection<AppointmentDoc>;
  readonly #appointments: Records<AppointmentDoc>;
  readonly #agents: AgentService;
  readonly #effects: Effects;

  constructor(
    people: PeopleService,
    appointments: Collection<AppointmentDoc>,
    agents: AgentService,
    effects: Effects,
  ) {
    this.#people = people;
    this.#stored = appointments;
    this.#agents = agents;
    this.#effects = effects;
    this.#appointments = new Records(appointments, effects.now, (key) => {
      const id = key.slice(key.lastIndexOf('/') + 1);
      return new DomainError('appointment.not_found', `there is no appointment '${id}'`);
    });
  }

  /** @throws DomainError `agent.not_found`, `person.not_found` */
  note(work: Work, ref: AgentKey, personId: string, entry: PersonJournalEntry): Promise<Person> {
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
   * Books a call, which also becomes the person's scheduled call.
   *
   * @throws DomainError `agent.not_found`, `person.not_found`
   */
  async book(
    work: Work,
    ref: AgentKey,
    personId: string,
    input: NewAppointment,
  ): Promise<Appointment> {
    const agent = await this.#agents.get(work, ref);
    await this.#schedule(work, ref, personId, input.startUtc, input.prospectTimezone);
    const person = personKey(agent, personId);
    const id = `appt_${this.#effects.random(URL_SAFE_ALPHABET, ID_LENGTH)}`;
    const doc: AppointmentDoc = {
      ...bookedAppointment(input, this.#effects.now().toISOString()),
      key: `${person}/${id}`,
      owner: ownerKey(agent),
      person,
      id,
      version: 1,
    };
    await this.#appointments.create(work, doc);
    // With the agent or the person goes what was booked meanwhile.
    const takeBack = () => this.#stored.delete(work, doc.key);
    await this.#agents.assertStand(work, [agent], takeBack);
    await this.#people.get(work, agent, personId).catch(async (error: unknown) => {
      if (error instanceof DomainError) await takeBack();
      throw error;
    });
    return doc;
  }

  /** @throws DomainError `agent.not_found`, `person.not_found`, `appointment.not_found` */
  async reschedule(
    work: Work,
    ref: AgentKey,
    personId: string,
    id: string,
    startUtc: string,
    reason?: string,
  ): Promise<Appointment> {
    const key = await this.#keyOf(work, ref, personId, id);
    const at = this.#effects.now().toISOString();
    const moved = await this.#appointments.change(work, key, undefined, (it) =>
      rescheduled(it, startUtc, at, reason),
    );
    await this.#schedule(work, ref, personId, startUtc, moved.prospectTimezone);
    return moved;
  }

  /** @throws DomainError `agent.not_found`, `person.not_found`, `appointment.not_found` */
  async cancel(
    work: Work,
    ref: AgentKey,
    personId: string,
    id: string,
    reason?: string,
  ): Promise<Appointment> {
    const key = await this.#keyOf(work, ref, personId, id);
    const at = this.#effects.now().toISOString();
    const off = await this.#appointments.change(work, key, undefined, (it) =>
      cancelled(it, at, reason),
    );
    await this.#people.change(work, ref, personId, undefined, (it) => {
      // Another call may have been scheduled since.
      if (it.scheduledCallAt !== off.startUtc) return it;
      const { scheduledCallAt, scheduledCallTimezone, ...rest } = it;
      return rest;
    });
    return off;
  }

  #schedule(
    work: Work,
    ref: AgentKey,
    personId: string,
    at: string,
    timeZone: string,
  ): Promise<Person> {
    return this.#people.change(work, ref, personId, undefined, (it) => ({
      ...it,
      scheduledCallAt: at,
      scheduledCallTimezone: timeZone,
    }));
  }

  async #keyOf(work: Work, ref: AgentKey, personId: string, id: string): Promise<string> {
    return `${personKey(await this.#agents.get(work, ref), personId)}/${id}`;
  }
}
