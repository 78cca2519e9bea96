import { canMeet, type Fragment, fragmentsOf } from './prompt-fragments.ts';
import type { Finding, ReadinessAgent, ReadinessCode } from './readiness.ts';
import { blockingSlots } from './readiness-reach.ts';
import { parseBody } from './slots.ts';

/*
 * Warnings about the text of prompts that need no model. Precision comes before recall: a text
 * that may be meant gives no finding.
 */

/** Findings of one code. */
const MAX_FINDINGS = 10;

export function promptFindings(agent: ReadinessAgent): readonly Finding[] {
  const fragments = fragmentsOf(agent);
  return [
    contradictedTopics(agent),
    contradictedRules(fragments),
    repeatedParagraphs(fragments),
    unresolvedSlots(agent, fragments),
    unboundTools(agent, fragments),
    unreachablePlaybooks(agent, fragments),
    blockedMessages(agent),
  ].flatMap((findings) => findings.slice(0, MAX_FINDINGS));
}

function findingAt({ field, id }: Fragment, code: ReadinessCode, message: string): Finding {
  return { code, ...(id !== undefined && { id }), field, message };
}

/** Topics and claims to avoid that are required in the same words, or that a goal is named after. */
function contradictedTopics(agent: ReadinessAgent): readonly Finding[] {
  const { guardrails = {}, objectives = [], playbooks = [], skills = [] } = agent;
  const { topicsToAvoid = [], claimsNotToMake = [], requiredDisclaimers = [] } = guardrails;
  const named = (section: string, items: readonly { id: string; name: string }[]) =>
    items.map(({ id, name }) => [normalized(name), `${section}[${id}].name`] as const);
  const required = new Map([
    ...named('playbooks', playbooks),
    ...named(
      'skills',
      skills.filter(({ enabled }) => enabled),
    ),
    ...named('objectives', objectives),
    ...requiredDisclaimers.map(
      (text, i) => [normalized(text), `guardrails.requiredDisclaimers[${i}]`] as const,
    ),
  ]);
  return Object.entries({ topicsToAvoid, claimsNotToMake }).flatMap(([list, texts]) =>
    texts.flatMap((text, i): readonly Finding[] => {
      const place = required.get(normalized(text));
      if (place === undefined) return [];
      const message = `${shown(text)} is avoided here and required at ${place}`;
      return [{ code: 'prompt.topic_contradicted', field: `guardrails.${list}[${i}]`, message }];
    }),
  );
}

/**
 * A rule that begins a sentence. Its length is bounded, so that the time is linear in the text's;
 * the dot of an abbreviation must not end it.
 */
const RULE = /\b(Always|Never|Do not|Don['’]t)\s+([^.!?]{1,120})[.!?](?=\s|$)/g;
/** A shorter rule, or one that ends in an abbreviation, may be the start of a longer sentence. */
const WHOLE = /^\S+ \S+ (?:.* )?\S{4,}$/;

/** Pairs of sentences such as "Always ask for a budget." and "Never ask for a budget.". */
function contradictedRules(fragments: readonly Fragment[]): readonly Finding[] {
  const rules = new Map<string, { readonly always: boolean; readonly fragment: Fragment }[]>();
  return fragments.flatMap((fragment) =>
    [...fragment.text.matchAll(RULE)].flatMap(([sentence, word, text = '']): readonly Finding[] => {
      const rest = normalized(text);
      if (!WHOLE.test(rest)) return [];
      const always = word === 'Always';
      const earlier = rules.get(rest) ?? [];
      const opposite = earlier.find(
        (one) => one.always !== always && canMeet(one.fragment, fragment),
      );
      if (earlier.length < MAX_COMPARED) rules.set(rest, [...earlier, { always, fragment }]);
      if (!opposite) return [];
      const message = `${shown(sentence)} contradicts ${opposite.fragment.field}`;
      return [findingAt(fragment, 'prompt.rule_contradicted', message)];
    }),
  );
}

/** Bounds the work: earlier places of a text, and candidates for a slot in one text. */
const MAX_COMPARED = 8;
/** UTF-16 units; shorter paragraphs may well be repeated on purpose. */
const MIN_PARAGRAPH_LENGTH = 80;

/** Paragraphs that one prompt contains twice. */
function repeatedParagraphs(fragments: readonly Fragment[]): readonly Finding[] {
  const seen = new Map<string, Fragment[]>();
  return fragments.flatMap((fragment) =>
    fragment.text.split(/\n\s*\n/).flatMap((text): readonly Finding[] => {
      const paragraph = text.length < MIN_PARAGRAPH_LENGTH ? '' : normalized(text);
      if (paragraph.length < MIN_PARAGRAPH_LENGTH) return [];
      const earlier = seen.get(paragraph) ?? [];
      const first = earlier.find((one) => canMeet(one, fragment));
      if (earlier.length < MAX_COMPARED) seen.set(paragraph, [...earlier, fragment]);
      if (!first) return [];
      const message = `the paragraph ${shown(text)} is also at ${first.field}`;
      return [findingAt(fragment, 'prompt.paragraph_repeated', message)];
    }),
  );
}

const SLOT = /(?<!\{)\{\s*(?:person|agent)\.[^{}]*\}(?!\})/g;

/** Slots outside of message templates: the model gets their braces. */
function unresolvedSlots(
  { playbooks = [] }: ReadinessAgent,
  fragments: readonly Fragment[],
): readonly Finding[] {
  const routing = playbooks.map(({ id, whenToUse = '' }) => ({
    field: `playbooks[${id}].whenToUse`,
    id,
    text: whenToUse,
  }));
  return [...fragments, ...routing].flatMap((fragment) => {
    const slots = fragment.text.match(SLOT)?.slice(0, MAX_COMPARED) ?? [];
    const slot = slots.find((one) => parseBody(one).problems.length === 0);
    if (slot === undefined) return [];
    const message = `${shown(slot)} is not filled here: only message templates have slots`;
    return [findingAt(fragment, 'prompt.slot_unresolved', message)];
  });
}

const TOOL_ID = /@[a-z0-9-]+\/tool\.[a-z0-9-]+/g;

/** Tools that a text names by id, and that are neither bound nor references with findings of their own. */
function unboundTools(
  { toolBindings = [], skills = [], playbooks = [] }: ReadinessAgent,
  fragments: readonly Fragment[],
): readonly Finding[] {
  const bound = new Set(toolBindings.map(({ toolId }) => toolId));
  const referenced = new Set([
    ...skills.flatMap(({ requiredTools = [] }) => requiredTools),
    ...playbooks.flatMap(({ toolRefs = [] }) => toolRefs),
  ]);
  return fragments.flatMap((fragment) =>
    [...new Set(fragment.text.match(TOOL_ID))]
      .filter((toolId) => !bound.has(toolId) && !referenced.has(toolId))
      .map((toolId) =>
        findingAt(
          fragment,
          'prompt.tool_not_bound',
          `the text names the tool '${toolId}', which is not bound`,
        ),
      ),
  );
}

/** Playbooks that start no conversation, that no index lists, and that no text names. */
function unreachablePlaybooks(
  { playbooks = [] }: ReadinessAgent,
  fragments: readonly Fragment[],
): readonly Finding[] {
  return playbooks
    .filter(
      ({ isDefault, isOutbound, whenToUse = '' }) =>
        !isDefault && !isOutbound && whenToUse.trim() === '',
    )
    .slice(0, MAX_FINDINGS)
    .filter(
      ({ id, name }) =>
        !fragments.some(
          ({ id: owner, text }) => owner !== id && (text.includes(id) || text.includes(name)),
        ),
    )
    .map(({ id }) => ({
      code: 'playbook.unreachable',
      id,
      field: `playbooks[${id}].whenToUse`,
      message: `the playbook '${id}' has no whenToUse, and is neither the default nor outbound: nothing leads to it`,
    }));
}

/** Message templates of playbooks that a missing field of the agent blocks for everybody. */
function blockedMessages(agent: ReadinessAgent): readonly Finding[] {
  const { playbooks = [], messageTemplates = [] } = agent;
  const used = new Set(playbooks.flatMap(({ messageTemplateRefs = [] }) => messageTemplateRefs));
  return messageTemplates
    .filter(({ id }) => used.has(id))
    .flatMap((template) =>
      blockingSlots(agent, template).map(({ path, field }) => ({
        code: 'playbook.message_template_blocked' as const,
        id: template.id,
        field,
        message: `the message template '${template.id}' cannot be sent: it needs {${path}}, which is not set`,
      })),
    );
}

/** For comparisons: letter case, white space and marks at the end do not count. */
function normalized(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .replace(/[.!;:,]{1,3}$/, '');
}

const MAX_SHOWN = 60;

function shown(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN ? `"${line.slice(0, MAX_SHOWN)}…"` : `"${line}"`;
}
