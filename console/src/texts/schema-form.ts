export const schemaFormTexts = {
  onePerLine: 'One per line.',
  seeded: 'If it is empty, it is filled from the agent.',
  none: 'Not set',
  stored: (hint: string | undefined) =>
    hint
      ? `Stored (${hint}). Enter another value to replace it.`
      : 'Stored. Enter another value to replace it.',
  clear: 'Remove the stored value',
  clearing: 'It is removed when you save.',
  keep: 'Keep it',
};
