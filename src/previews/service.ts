import type { Agent } from '../domain/agents.ts';
import { assertBody, type MessageDraft } from '../domain/message-templates.ts';
import type { Org } from '../domain/orgs.ts';
import { greetingOf } from '../domain/outreach.ts';
import { type MessageTemplatePreview, renderMessageTemplate } from '../domain/rendering.ts';
import { type SlotPerson, slotValues } from '../domain/slot-values.ts';
import type { MaybePromise } from '../store/bounds.ts';
import type { Work } from '../work.ts';

interface Sources {
  readonly orgs: { get(work: Work, id: string): MaybePromise<Org> };
  /** `get` throws DomainError `person.not_found`. */
  readonly people: {
    get(work: Work, owner: Pick<Agent, 'org' | 'uid'>, id: string): MaybePromise<SlotPerson>;
  };
}

/** Renders messages as they would be sent to a person, without sending them. */
export class PreviewService {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** @throws DomainError `person.not_found` */
  async messageTemplate(
    work: Work,
    agent: Agent,
    template: MessageDraft,
    personId: string,
  ): Promise<MessageTemplatePreview> {
    const { orgs, people } = this.#sources;
    const [org, person] = await Promise.all([
      orgs.get(work, agent.org),
      people.get(work, agent, personId),
    ]);
    return work.inTurn(() => renderMessageTemplate(template, slotValues(agent, org.name, person)));
  }

  /**
   * A text as a message template of the agent would have it.
   *
   * @throws DomainError `person.not_found`; `request.invalid` if a slot cannot be parsed, or the
   *   message is too long
   */
  async draft(
    work: Work,
    agent: Agent,
    draft: MessageDraft,
    personId: string,
  ): Promise<MessageTemplatePreview> {
    assertBody(draft.body);
    return this.messageTemplate(work, agent, draft, personId);
  }

  /** @throws DomainError `outreach.no_greeting`, `person.not_found` */
  async greeting(work: Work, agent: Agent, personId: string): Promise<MessageTemplatePreview> {
    return this.messageTemplate(work, agent, greetingOf(agent), personId);
  }
}
