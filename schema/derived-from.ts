import type { DerivedFrom } from '../src/domain/derived-from.ts';
import { builder } from './builder.ts';
import { TEXT } from './texts.ts';

const templateId = 'The id of the catalog template, e.g. `@anychat/skill-template.call-booking`.';
const version = 'The version that was imported.';

export const DerivedFromType = builder.objectRef<DerivedFrom>('DerivedFrom').implement({
  description: 'The provenance of a part of an agent: a catalog template at a version.',
  fields: (t) => ({
    templateId: t.exposeID('templateId', { description: templateId }),
    version: t.exposeString('version', { description: version }),
  }),
});

/** Accepted only with the current value: only an import sets it. */
export const DerivedFromInput = builder.inputType('DerivedFromInput', {
  description: 'The provenance of a part of an agent, as it was read.',
  fields: (t) => ({
    templateId: t.id({ required: true, description: templateId }),
    version: t.field({ ...TEXT.version, required: true, description: version }),
  }),
});

export const ImportTemplateInput = builder.inputType('ImportTemplateInput', {
  description: 'A catalog template to import into an agent.',
  fields: (t) => ({
    templateId: t.id({
      required: true,
      description: "The template's qualified id. Its latest version is imported.",
    }),
  }),
});
