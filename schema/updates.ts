import type { ItemChange } from '../src/domain/items.ts';
import { objectiveOf } from '../src/domain/objectives.ts';
import { playbookOf } from '../src/domain/playbooks.ts';
import { skillOf } from '../src/domain/skills.ts';
import {
  applyUpdate,
  PIECE_KINDS,
  type PieceRef,
  type PieceUpdate,
  updatesOf,
} from '../src/domain/updates.ts';
import { agentArgs } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { Objective } from './objectives.ts';
import { Personality } from './personality.ts';
import { PlaybookRef } from './playbooks.ts';
import { AgentRef } from './refs.ts';
import { inherited, mayInOrg } from './rights.ts';
import { SkillRef } from './skills.ts';

const PieceKindType = enumOf(
  'PieceKind',
  'A kind of pieces that are copied from the catalog and keep their version.',
  PIECE_KINDS,
  {
    personality: 'The personality.',
    objective: 'An objective.',
    skill: 'A skill.',
    playbook: 'A playbook.',
  },
);

const PieceUpdateRef = builder.objectRef<PieceUpdate>('PieceUpdate').implement({
  description: 'How a piece of an agent stands to the catalog template that it was copied from.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PieceKindType, description: 'What kind of piece it is.' }),
    id: t.exposeID('id', { nullable: true, description: 'Its id; the personality has none.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    templateId: t.exposeID('templateId', { description: 'The template.' }),
    currentVersion: t.exposeString('currentVersion', { description: 'The version of the copy.' }),
    latestVersion: t.exposeString('latestVersion', {
      nullable: true,
      description: 'The latest version of the template; null when it is gone.',
    }),
    updateAvailable: t.exposeBoolean('updateAvailable', {
      description: 'Whether the catalog has moved on.',
    }),
    templateMissing: t.exposeBoolean('templateMissing', {
      description: 'Whether the catalog has the template no longer.',
    }),
  }),
});

const AgentUpdates = builder.objectRef<readonly PieceUpdate[]>('AgentUpdates').implement({
  description: 'The pieces of an agent that were copied from the catalog.',
  fields: (t) => ({
    pieces: t.field({
      type: [PieceUpdateRef],
      description: 'Each piece.',
      resolve: (updates) => updates,
    }),
    updateCount: t.int({
      description: 'For how many of them there is a newer version.',
      resolve: (updates) => updates.filter(({ updateAvailable }) => updateAvailable).length,
    }),
  }),
});

builder.objectField(AgentRef, 'updates', (t) =>
  t.field({
    type: AgentUpdates,
    description: 'Whether the catalog has newer versions of what was copied from it.',
    reads: ['personality', 'objectives', 'skills', 'playbooks'],
    resolve: (agent, _, { services }) => updatesOf(agent, services.catalog),
  }),
);

const ApplyUpdateInput = builder.inputType('ApplyUpdateInput', {
  description: 'The piece to bring to the latest version.',
  fields: (t) => ({
    kind: t.field({ type: PieceKindType, required: true, description: 'Its kind.' }),
    id: t.id({ description: 'Its id; the personality has none.' }),
  }),
});

type Change = ItemChange<PieceRef>;

/** Resolves for the piece's own kind, and to null for the others. */
function ofKind<T>(kind: PieceRef['kind'], piece: (change: Change, id: string) => T) {
  return (change: Change) =>
    change.item.kind === kind ? piece(change, change.item.id ?? '') : null;
}

const UpdatedPiece = builder.objectRef<Change>('UpdatedPiece').implement({
  description: 'A piece of an agent: the field of its kind is set.',
  fields: (t) => ({
    personality: t.field({
      type: Personality,
      nullable: true,
      description: 'The personality.',
      resolve: ofKind('personality', ({ agent }) => agent.personality),
    }),
    objective: t.field({
      type: Objective,
      nullable: true,
      description: 'The objective.',
      resolve: ofKind('objective', ({ agent }, id) => objectiveOf(agent, id)),
    }),
    skill: t.field({
      type: SkillRef,
      nullable: true,
      description: 'The skill.',
      resolve: (change, _, { services }) =>
        ofKind('skill', ({ agent }, id) => skillOf(agent, id, services.catalog))(change),
    }),
    playbook: t.field({
      type: PlaybookRef,
      nullable: true,
      description: 'The playbook.',
      resolve: ofKind('playbook', ({ agent }, id) => ({ agent, playbook: playbookOf(agent, id) })),
    }),
  }),
});

const ApplyUpdatePayload = builder.objectRef<Change>('ApplyUpdatePayload').implement({
  description: 'What an update came to.',
  fields: (t) => ({
    piece: t.field({
      type: UpdatedPiece,
      description: 'The piece as it is now.',
      resolve: (change) => change,
    }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'Its agent.' }),
  }),
});

builder.mutationField('applyUpdate', (t) =>
  t.field({
    type: ApplyUpdatePayload,
    ...mayInOrg('editor', 'agents:write'),
    description:
      'Copies the latest version of its template over a piece; its id, its priority and whether it is enabled, the default or the opener stay. Where there is nothing newer, nothing changes.',
    args: {
      ...agentArgs(t.arg),
      input: t.arg({ type: ApplyUpdateInput, required: true, description: 'The piece.' }),
    },
    resolve: (_, { org, agent, expectedVersion, input }, { services, work }) =>
      services.agents.changeItem(work, { org, id: agent }, expectedVersion, (it) =>
        applyUpdate(it, input, services.catalog),
      ),
  }),
);
