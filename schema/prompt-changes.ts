import { LINE_KINDS, type LineRun } from '../src/domain/line-diff.ts';
import type { LineHunk } from '../src/domain/line-hunks.ts';
import type { PromptDiff, PromptSectionGrowth } from '../src/domain/prompt-diff.ts';
import { builder } from './builder.ts';
import { ChannelNameEnum } from './channels.ts';
import { enumOf } from './enums.ts';
import { AgentVersionRef, COMPARISON } from './history.ts';
import { PromptSectionEnum, UNITS } from './prompt.ts';
import { promptReads } from './reads.ts';
import { VERSION_RANGE } from './version-range.ts';

const ADDED_CHARACTERS = `The characters that it adds, ${UNITS}; negative if it removes more.`;
const ADDED_TOKENS =
  'The estimated tokens that it adds, by the encoding `o200k_base`; negative if it removes more.';

const LineRunType = builder.objectRef<LineRun>('LineRun').implement({
  description: 'Lines that follow each other.',
  fields: (t) => ({
    kind: t.expose('kind', {
      type: enumOf('LineKind', 'What happened to lines.', LINE_KINDS, {
        same: 'Both texts contain them.',
        added: 'Only the text after contains them.',
        removed: 'Only the text before contains them.',
      }),
      description: 'What happened to the lines.',
    }),
    lines: t.field({
      type: ['String'],
      description: 'The lines.',
      resolve: ({ lines }) => [...lines],
    }),
  }),
});

const LineHunkType = builder.objectRef<LineHunk>('LineHunk').implement({
  description:
    'Changed lines that are close to each other, with up to three unchanged lines around them.',
  fields: (t) => ({
    beforeStart: t.exposeInt('beforeStart', {
      description: 'The number of its first line in the text before, from 1.',
    }),
    afterStart: t.exposeInt('afterStart', {
      description: 'The number of its first line in the text after, from 1.',
    }),
    runs: t.field({
      type: [LineRunType],
      description: 'The lines. Removed lines precede added ones.',
      resolve: ({ runs }) => [...runs],
    }),
  }),
});

const SectionGrowth = builder.objectRef<PromptSectionGrowth>('PromptSectionChange').implement({
  description: 'What a change adds to a section of a prompt.',
  fields: (t) => ({
    section: t.expose('section', { type: PromptSectionEnum, description: 'The section.' }),
    addedCharacters: t.exposeInt('addedCharacters', { description: ADDED_CHARACTERS }),
    addedTokens: t.exposeInt('addedTokens', { description: ADDED_TOKENS }),
  }),
});

const PromptChanges = builder.objectRef<PromptDiff>('PromptChanges').implement({
  description: 'The difference between the prompts of two versions of an agent.',
  fields: (t) => ({
    addedCharacters: t.exposeInt('addedCharacters', { description: ADDED_CHARACTERS }),
    addedTokens: t.exposeInt('addedTokens', { description: ADDED_TOKENS }),
    sections: t.field({
      type: [SectionGrowth],
      description: 'The sections that grow or shrink.',
      resolve: ({ sections }) => [...sections],
    }),
    hunks: t.field({
      type: [LineHunkType],
      description: 'The changed lines, in the order of the text. Empty if the texts are equal.',
      resolve: ({ hunks }) => [...hunks],
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'Whether `hunks` contains every changed line. It ends where its lines would exceed 250,000 characters.',
    }),
  }),
});

builder.objectField(AgentVersionRef, 'promptChanges', (t) =>
  t.field({
    type: PromptChanges,
    nullable: true,
    complexity: COMPARISON.complexity,
    fails: ['version.not_found', 'playbook.not_found'],
    description:
      'What differs between the prompt of another version and the prompt of this one. Null, with an error `version.not_found` or `playbook.not_found`, if the other version is not kept, or if one of them lacks the playbook.',
    args: {
      against: t.arg.int({
        ...VERSION_RANGE,
        description:
          'The version to compare with. If omitted: the version before. The first version is compared with an empty prompt.',
      }),
      playbook: t.arg.id({
        description: 'The active playbook of both. If omitted, the default one of each.',
      }),
      channel: t.arg({
        type: ChannelNameEnum,
        description: 'The channel of the conversation.',
      }),
    },
    resolve: async (version, { against, playbook, channel }, { services, loaders, work }) => {
      const { agents, history, prompts } = services;
      const from = against ?? (await history.before(work, version));
      // A version's agent has only the parts that its own fields read.
      const agent = await agents.get(work, version.agent);
      return prompts.between(
        work,
        agent,
        { from, to: version.version },
        { playbookId: playbook, channel },
        promptReads(loaders),
      );
    },
  }),
);
