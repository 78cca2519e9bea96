import type { ItemChange } from '../src/domain/items.ts';
import { objectiveOf } from '../src/domain/objectives.ts';
import { PLAN_REFUSALS } from '../src/domain/plans.ts';
import { playbookOf } from '../src/domain/playbooks.ts';
import { skillOf } from '../src/domain/skills.ts';
import { PIECE_KINDS, type PieceRef, type PieceUpdate, updatesOf } from '../src/domain/updates.ts';
import { applyingUpdate } from '../src/plans/catalog-changes.ts';
import { serviceMutation } from './agent-mutations.ts';
import { inputArg, planArg } from './args.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { Objective } from './objectives.ts';
import { Personality } from './personality.ts';
import { PlaybookRef } from './playbooks.ts';
import { AgentRef } from './refs.ts';
import { inherited } from './rights.ts';
import { SkillRef } from './skills.ts';

export const PieceKindType = enumOf(
  'PieceKind',
  'A kind of piece that is copied from the catalog with its version.',
  PIECE_KINDS,
  {
    personality: 'The personality.',
    objective: 'An objective.',
    skill: 'A skill.',
    playbook: 'A playbook.',
  },
);

const PieceUpdateRef = builder.objectRef<PieceUpdate>('PieceUpdate').implement({
  description: 'A piece of an agent, compared with the catalog template that it was copied from.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PieceKindType, description: 'The kind of the piece.' }),
    id: t.exposeID('id', {
      nullable: true,
      description: 'The id of the piece. Unset for the personality.',
    }),
    name: t.exposeString('name', { description: 'The name of the piece.' }),
    templateId: t.exposeID('templateId', { description: "The template's id." }),
    currentVersion: t.exposeString('currentVersion', {
      description: 'The version of the template that was copied.',
    }),
    latestVersion: t.exposeString('latestVersion', {
      nullable: true,
      description: 'The latest version of the template. Null if the catalog no longer has it.',
    }),
    updateAvailable: t.exposeBoolean('updateAvailable', {
      description: 'Whether the version of the catalog is newer than that of the copy.',
    }),
    templateMissing: t.exposeBoolean('templateMissing', {
      description: 'Whether the catalog no longer has the template.',
    }),
  }),
});

const AgentUpdates = builder.objectRef<readonly PieceUpdate[]>('AgentUpdates').implement({
  description: 'The pieces of an agent that were copied from the catalog.',
  fields: (t) => ({
    pieces: t.field({
      type: [PieceUpdateRef],
      description: 'The pieces.',
      resolve: (updates) => updates,
    }),
    updateCount: t.int({
      description: 'The number of pieces with an available update.',
      resolve: (updates) => updates.filter(({ updateAvailable }) => updateAvailable).length,
    }),
  }),
});

builder.objectField(AgentRef, 'updates', (t) =>
  t.field({
    type: AgentUpdates,
    description:
      "The agent's pieces that were copied from the catalog, and their available updates.",
    reads: ['personality', 'objectives', 'skills', 'playbooks'],
    resolve: (agent, _, { services }) => updatesOf(agent, services.catalog),
  }),
);

const ApplyUpdateInput = builder.inputType('ApplyUpdateInput', {
  description: 'The piece to update.',
  fields: (t) => ({
    kind: t.field({ type: PieceKindType, required: true, description: 'The kind of the piece.' }),
    id: t.id({ description: 'The id of the piece. Omitted for the personality.' }),
  }),
});

type Change = ItemChange<PieceRef>;

/** Resolves to the piece for its own kind, and to null for the other kinds. */
function ofKind<T>(kind: PieceRef['kind'], piece: (change: Change, id: string) => T) {
  return (change: Change) =>
    change.item.kind === kind ? piece(change, change.item.id ?? '') : null;
}

const UpdatedPiece = builder.objectRef<Change>('UpdatedPiece').implement({
  description: 'A piece of an agent. Only the field of its kind is set.',
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
  description: 'An updated piece and its agent.',
  fields: (t) => ({
    piece: t.field({
      type: UpdatedPiece,
      description: 'The piece after the update.',
      resolve: (change) => change,
    }),
    agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
  }),
});

builder.mutationFields((t) => ({
  applyUpdate: serviceMutation(t, ApplyUpdatePayload, {
    scope: 'agents:write',
    fails: [
      'personality.not_set',
      'objective.not_found',
      'skill.not_found',
      'playbook.not_found',
      'update.not_derived',
      'update.template_missing',
      ...PLAN_REFUSALS,
    ],
    description:
      'Updates a piece to the latest version of its template. Its id, priority, `enabled`, `isDefault` and `isOutbound` stay. Without an available update, nothing changes.',
    args: { input: inputArg(t.arg, ApplyUpdateInput, 'The piece.'), ...planArg(t.arg) },
    call: (target, { input, plan }, { plans, catalog }) =>
      plans.carryOut(...target, applyingUpdate(input, catalog), plan),
  }),
}));
