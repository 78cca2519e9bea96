import type { MessageTemplatePreview, MissingSlot } from '../src/domain/rendering.ts';
import { MISSING_SLOT_POLICIES } from '../src/domain/slots.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { entity } from './rights.ts';

const MissingSlotAction = enumOf(
  'MissingSlotAction',
  'The effect of a slot that had no value.',
  ['default', ...MISSING_SLOT_POLICIES],
  {
    default: 'The literal of the slot was used.',
    'omit-sentence': 'The sentence that contains the slot was omitted.',
    'omit-message': 'The whole message was omitted.',
    'block-send': 'The message was blocked.',
  },
);

const MissingSlotType = builder.objectRef<MissingSlot>('MissingSlot').implement({
  description: 'A slot that had no value.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'The path of the slot, e.g. `person.firstName`.' }),
    action: t.expose('action', {
      type: MissingSlotAction,
      description: 'The effect on the message.',
    }),
  }),
});

export const MessageTemplatePreviewType = builder
  .objectRef<MessageTemplatePreview>('MessageTemplatePreview')
  .implement({
    ...entity,
    description: 'A message as it would be sent to a person.',
    fields: (t) => ({
      renderedText: t.exposeString('renderedText', {
        nullable: true,
        description:
          'The text. Null if a slot blocked the message, empty if the message was omitted.',
      }),
      missingSlots: t.field({
        type: [MissingSlotType],
        description: 'The slots without a value, in the order of the text.',
        resolve: ({ missingSlots }) => [...missingSlots],
      }),
      blocked: t.exposeBoolean('blocked', { description: 'Whether a slot blocked the message.' }),
    }),
  });
