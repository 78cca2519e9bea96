import type { DerivedFrom } from '../src/domain/derived-from.ts';
import { builder } from './builder.ts';

const templateId = 'The catalog template, e.g. `@anychat/skill-template.call-booking`.';
const version = 'Its version at the time.';

/** Where a part of an agent was copied from. */
export const DerivedFromType = builder.objectRef<DerivedFrom>('DerivedFrom').implement({
  description: 'The catalog template, and its version, that a part of an agent was copied from.',
  fields: (t) => ({
    templateId: t.exposeID('templateId', { description: templateId }),
    version: t.exposeString('version', { description: version }),
  }),
});

/** The same in an input: as it was read; imports alone set it. */
export const DerivedFromInput = builder.inputType('DerivedFromInput', {
  description: 'Where a part was copied from.',
  fields: (t) => ({
    templateId: t.id({ required: true, description: templateId }),
    version: t.string({ required: true, description: version }),
  }),
});

export const ImportTemplateInput = builder.inputType('ImportTemplateInput', {
  description: 'A catalog template to copy onto an agent.',
  fields: (t) => ({
    templateId: t.id({
      required: true,
      description: "The template's qualified id; its latest version is copied.",
    }),
  }),
});
