import type { MessageTemplatePreview, MissingSlot } from '../src/domain/rendering.ts';
import { MISSING_SLOT_POLICIES } from '../src/domain/slots.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { entity } from './rights.ts';

const MissingSlotAction = enumOf(
  'MissingSlotAction',
  'What was done about a slot that had no value.',
  ['default', ...MISSING_SLOT_POLICIES],
  {
    default: 'Its literal stands in.',
    'omit-sentence': 'The sentence that it stands in was left out.',
    'omit-message': 'The message came to nothing.',
    'block-send': 'The message was blocked.',
  },
);

const MissingSlotType = builder.objectRef<MissingSlot>('MissingSlot').implement({
  description: 'A slot that had no value.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its path, e.g. `person.firstName`.' }),
    action: t.expose('action', { type: MissingSlotAction, description: 'What was done about it.' }),
  }),
});

/** What would be sent to a person. */
export const MessageTemplatePreviewType = builder
  .objectRef<MessageTemplatePreview>('MessageTemplatePreview')
  .implement({
    ...entity,
    description: 'What would be sent to a person.',
    fields: (t) => ({
      renderedText: t.exposeString('renderedText', {
        nullable: true,
        description: 'The text; null when a slot blocked it, empty when nothing of it is left.',
      }),
      missingSlots: t.field({
        type: [MissingSlotType],
        description: 'Every slot without a value, in the order of the text.',
        resolve: ({ missingSlots }) => [...missingSlots],
      }),
      blocked: t.exposeBoolean('blocked', { description: 'Whether a slot blocked the message.' }),
    }),
  });
