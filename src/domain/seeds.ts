import { FORMATS, type FormatName } from './formats.ts';
import type { AgentIdentity } from './identity.ts';
import { LENGTHS } from './lengths.ts';

/** The fields of an agent that can pre-fill a field of a form. */
export type SeedSource = 'name' | 'description' | `identity.${keyof AgentIdentity}`;

/** The values of a source, as keywords of a JSON schema. */
interface SeedValues {
  readonly format?: FormatName;
  readonly maxLength: number;
}

const text = (maxLength: number): SeedValues => ({ maxLength });
const formatted = (format: FormatName): SeedValues => ({
  format,
  maxLength: FORMATS[format].maxLength,
});

/** As the schema's inputs accept them (schema/agents.ts, schema/identity.ts). A blank text pre-fills nothing. */
const SEEDS: Readonly<Record<SeedSource, SeedValues>> = {
  name: text(LENGTHS.name),
  description: text(LENGTHS.description),
  'identity.smallLogoUrl': formatted('uri'),
  'identity.largeBannerUrl': formatted('uri'),
  'identity.brandColor': formatted('color'),
  'identity.contactEmail': formatted('email'),
  'identity.contactPhone': formatted('phone'),
  'identity.websiteUrl': formatted('uri'),
  'identity.privacyPolicyUrl': formatted('uri'),
  'identity.termsOfServiceUrl': formatted('uri'),
  'identity.contactAvailability': text(LENGTHS.description),
  'identity.identityPreamble': text(LENGTHS.paragraph),
};
export const SEED_SOURCES = Object.keys(SEEDS) as readonly SeedSource[];

/** Keywords of a form's field that do not restrict its values. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', 'x-seededFrom']);

/**
 * The keywords by which a form's field refuses values that its source can have.
 *
 * @param field the schema of the field
 */
export function refusesSeeds(
  source: SeedSource,
  field: Readonly<Record<string, unknown>>,
): readonly string[] {
  const { format, maxLength } = SEEDS[source];
  return Object.entries(field).flatMap(([keyword, value]) => {
    if (ANNOTATIONS.has(keyword)) return [];
    if (keyword === 'type' && value === 'string') return [];
    if (keyword === 'minLength' && value === 1) return [];
    if (keyword === 'maxLength' && Number(value) >= maxLength) return [];
    if (keyword === 'format' && value === format) return [];
    return [keyword];
  });
}
