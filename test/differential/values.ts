import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { Random } from './random.ts';

/** Few ids, so that requests often concern the same thing; the last one is never created. */
export const AGENTS = ['a', 'b', 'c', 'none'] as const;
export const ITEMS = ['x', 'y', 'z', 'none'] as const;

const catalog = loadCatalog();
const idsOf = (kind: Exclude<keyof typeof catalog, 'systemSkills'>) =>
  catalog[kind].list().map(({ id }) => id);
export const TOOLS = idsOf('tools').slice(0, 4);

/** Ids of a kind of catalog, as its path names the kind. */
export function catalogIds(kind: string): readonly string[] {
  const name = kind.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [...idsOf(name as Parameters<typeof idsOf>[0]).slice(0, 2), 'none'];
}

/** The templates that an import of a section accepts, by a part of the route's path. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'apply-template': idsOf('agentTemplates'),
  objectives: idsOf('objectiveTemplates'),
  skills: idsOf('skillTemplates'),
  playbooks: idsOf('playbookTemplates'),
  guardrails: idsOf('guardrailTemplates'),
  personality: idsOf('personalityTemplates'),
};

/** Values by the name of their scalar; any other scalar is a text. */
const SCALARS: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 2, -1],
  Float: [0, 1.5],
  Boolean: [true, false],
  HttpUrl: ['https://a.example/', 'https://b.example/x'],
  EmailAddress: ['ann@acme.com', 'bob@acme.com'],
  HexColorCode: ['#1a73e8', '#000000'],
  PhoneNumber: ['+14155550132', '+4930123456'],
  TimeZone: ['Europe/Berlin', 'America/New_York'],
  DateTime: ['2099-01-01T00:00:00.000Z', '2098-06-01T12:00:00.000Z'],
  Instant: ['2099-01-01T00:00:00.000Z', '2026-01-01', '1767225600000'],
  JSONObject: [{}, { calendarId: 'x@acme.com' }, { a: null, b: [1, 'two', { c: true }] }],
  JSON: [null, 1, 'x', { a: [null] }],
};
const TEXTS = ['One', 'Two', 'Hällo ☃ 𝒳', 'a\nb\n', ' spaced ', '"quoted" \\ </x>', 'true'];

/** Values by the name of their field, where its type does not say enough. */
const FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  id: ITEMS,
  ids: ITEMS,
  skillRefs: ITEMS.slice(0, 2),
  messageTemplateRefs: ITEMS.slice(0, 2),
  greetingTemplateId: ITEMS.slice(0, 2),
  followUpTemplateId: ITEMS.slice(0, 2),
  toolRefs: TOOLS,
  requiredTools: TOOLS,
  toolId: TOOLS,
  version: ['1', '2'],
  bindingId: ['#chan:0', '#chan:1'],
  // Nothing listens there, and nothing is delivered.
  url: ['http://127.0.0.1:9/'],
  active: [false],
};
const BODIES = ['Hi {person.firstName | "there"}.', 'Hello {agent.name}', 'Bad {slot', 'Plain'];

/** Random REST bodies: what an input type accepts, and often enough what it does not. */
export class Bodies {
  readonly #random: Random;
  readonly #path: string;

  constructor(random: Random, path: string) {
    this.#random = random;
    this.#path = path;
  }

  /** A body of the type, sometimes with a mistake. */
  body(type: GraphQLInputType): unknown {
    const made = this.valid(type);
    if (!this.#random.chance(0.08) || typeof made !== 'object' || made === null) return made;
    const [key = 'name'] = Object.keys(made);
    return this.#random.pick([{ ...made, unknown: 1 }, { ...made, [key]: 7 }, [made], 'text', {}]);
  }

  /** A body of the type. */
  valid(type: GraphQLInputType): unknown {
    return this.#value(type, 'input');
  }

  #value(type: GraphQLInputType, name: string): unknown {
    const bare = getNullableType(type);
    if (isListType(bare)) {
      return Array.from({ length: this.#random.below(3) }, () => this.#value(bare.ofType, name));
    }
    if (isEnumType(bare)) return this.#random.pick(bare.getValues()).value;
    if (isInputObjectType(bare)) return this.#object(bare);
    return this.#random.pick(this.#choices(bare.name, name));
  }

  #choices(scalar: string, name: string): readonly unknown[] {
    if (name === 'templateId') return this.#templates();
    if (name === 'id' && this.#path.endsWith('/agents')) return AGENTS.slice(0, -1);
    if (name === 'body' && this.#path.includes('message-templates')) return BODIES;
    return FIELDS[name] ?? SCALARS[scalar] ?? TEXTS;
  }

  #templates(): readonly string[] {
    const section = Object.keys(TEMPLATES).find((part) => this.#path.includes(part));
    return [...(TEMPLATES[section ?? 'skills'] ?? []).slice(0, 3), 'no-template'];
  }

  #object(type: GraphQLInputObjectType): Record<string, unknown> {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const field = this.#random.pick(fields);
      return { [field.name]: this.#value(field.type, field.name) };
    }
    const made: Record<string, unknown> = {};
    for (const field of fields) {
      // An id that is given is known to later requests; a webhook that is active would deliver.
      const always = isRequiredInputField(field) || field.name === 'id' || field.name === 'active';
      if (!always && this.#random.chance(0.5)) continue;
      const cleared = !isRequiredInputField(field) && this.#random.chance(0.1);
      made[field.name] =
        cleared && field.name !== 'active' ? null : this.#value(field.type, field.name);
    }
    return made;
  }
}
