import type { Agent } from './agents.ts';
import type { CatalogKind, CatalogView } from './catalog-view.ts';
import type { DerivedFrom } from './derived-from.ts';
import { DomainError, invalid } from './errors.ts';
import { type ItemChange, withItem } from './items.ts';
import { objectiveContent, objectiveOf, objectivesOf } from './objectives.ts';
import { setFields } from './patch.ts';
import { importPersonality } from './personality.ts';
import { playbookOf, playbooksOf, recopyPlaybook } from './playbooks.ts';
import { recopySkill, skillOf } from './skills.ts';

/** The kinds of pieces that are copied from the catalog and keep their version. */
export const PIECE_KINDS = ['personality', 'objective', 'skill', 'playbook'] as const;
export type PieceKind = (typeof PIECE_KINDS)[number];

/** Which piece of an agent; there is but one personality. */
export interface PieceRef {
  readonly kind: PieceKind;
  readonly id?: string | null | undefined;
}

/** How a piece stands to the template that it was copied from. */
export interface PieceUpdate {
  readonly kind: PieceKind;
  /** Unset for the personality. */
  readonly id?: string;
  readonly name: string;
  readonly templateId: string;
  readonly currentVersion: string;
  /** Unset when the template is gone. */
  readonly latestVersion?: string;
  readonly updateAvailable: boolean;
  readonly templateMissing: boolean;
}

/** What can be copied again. */
interface Piece {
  readonly id?: string;
  readonly name?: string;
  readonly derivedFrom?: DerivedFrom;
}

/** How the pieces of one kind are found and copied again. */
interface Rules {
  kind(catalog: CatalogView): CatalogKind<{ readonly name: string; readonly version: string }>;
  piecesOf(agent: Agent): readonly Piece[];
  /** @throws DomainError not found */
  pieceOf(agent: Agent, id: string, catalog: CatalogView): Piece;
  /** What is the agent's own stays. */
  recopy(agent: Agent, id: string, templateId: string, catalog: CatalogView): Agent;
}

const RULES: Readonly<Record<PieceKind, Rules>> = {
  personality: {
    kind: (catalog) => catalog.personalityTemplates,
    piecesOf: ({ personality }) => (personality ? [personality] : []),
    pieceOf: ({ personality }) => {
      if (personality) return personality;
      throw new DomainError('personality.not_set', 'no personality is set');
    },
    recopy: (agent, _, templateId, { personalityTemplates }) =>
      importPersonality(agent, personalityTemplates.require(templateId)),
  },
  objective: {
    kind: (catalog) => catalog.objectiveTemplates,
    piecesOf: objectivesOf,
    pieceOf: objectiveOf,
    recopy: (agent, id, templateId, { objectiveTemplates }) => {
      const { priority } = objectiveOf(agent, id);
      const content = objectiveContent(objectiveTemplates.require(templateId));
      return {
        ...agent,
        objectives: withItem(objectivesOf(agent), { id, priority, ...content }),
      };
    },
  },
  skill: {
    kind: (catalog) => catalog.skillTemplates,
    piecesOf: ({ skills = [] }) => skills,
    pieceOf: skillOf,
    recopy: (agent, id, templateId, catalog) =>
      recopySkill(agent, skillOf(agent, id, catalog), catalog.skillTemplates.require(templateId))
        .agent,
  },
  playbook: {
    kind: (catalog) => catalog.playbookTemplates,
    piecesOf: playbooksOf,
    pieceOf: playbookOf,
    recopy: (agent, id, templateId, { playbookTemplates }) =>
      recopyPlaybook(agent, playbookOf(agent, id), playbookTemplates.require(templateId)).agent,
  },
};

/** How each piece that was copied from the catalog stands to its template. */
export function updatesOf(agent: Agent, catalog: CatalogView): PieceUpdate[] {
  return PIECE_KINDS.flatMap((kind) =>
    RULES[kind].piecesOf(agent).flatMap((piece) => {
      const { derivedFrom } = piece;
      return derivedFrom ? [updateOf(kind, piece, derivedFrom, catalog)] : [];
    }),
  );
}

function updateOf(
  kind: PieceKind,
  { id, name }: Piece,
  { templateId, version: currentVersion }: DerivedFrom,
  catalog: CatalogView,
): PieceUpdate {
  const template = RULES[kind].kind(catalog).get(templateId);
  return setFields<PieceUpdate>({
    kind,
    id,
    name: name ?? template?.name ?? kind,
    templateId,
    currentVersion,
    latestVersion: template?.version,
    updateAvailable: template !== undefined && template.version !== currentVersion,
    templateMissing: template === undefined,
  });
}

/**
 * Copies the latest version of its template over a piece, whose id, priority,
 * `enabled` and parts stay. A piece that is at the latest version is left as it is,
 * edits included.
 *
 * @throws DomainError `request.invalid` without an id where one is needed, not
 *   found, `update.not_derived`, `update.template_missing`
 */
export function applyUpdate(
  agent: Agent,
  ref: PieceRef,
  catalog: CatalogView,
): ItemChange<PieceRef> {
  const { kind, id = null } = ref;
  if (id === null && kind !== 'personality') {
    throw invalid([{ path: 'id', message: `is required for a ${kind}` }]);
  }
  const rules = RULES[kind];
  const { derivedFrom } = rules.pieceOf(agent, id ?? '', catalog);
  const name = id === null ? `the ${kind}` : `the ${kind} '${id}'`;
  if (!derivedFrom) {
    throw new DomainError('update.not_derived', `${name} was not copied from a template`);
  }
  const { templateId, version } = derivedFrom;
  const template = rules.kind(catalog).get(templateId);
  if (!template) {
    throw new DomainError(
      'update.template_missing',
      `${name} was copied from '${templateId}', which the catalog has no longer`,
    );
  }
  if (template.version === version) return { agent, item: ref };
  return { agent: rules.recopy(agent, id ?? '', templateId, catalog), item: ref };
}
