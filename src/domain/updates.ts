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
import { isNewer } from './versions.ts';

/** The kinds of parts of an agent that are copied from a catalog template. */
export const PIECE_KINDS = ['personality', 'objective', 'skill', 'playbook'] as const;
export type PieceKind = (typeof PIECE_KINDS)[number];

/** A part of an agent; the personality has no id. */
export interface PieceRef {
  readonly kind: PieceKind;
  readonly id?: string | null | undefined;
}

/** A copied part compared with its template. */
export interface PieceUpdate {
  readonly kind: PieceKind;
  /** Unset for the personality. */
  readonly id?: string;
  readonly name: string;
  readonly templateId: string;
  readonly currentVersion: string;
  /** Unset if the catalog no longer has the template. */
  readonly latestVersion?: string;
  readonly updateAvailable: boolean;
  readonly templateMissing: boolean;
}

/** A part that may have been copied from a template. */
interface Piece {
  readonly id?: string;
  readonly name?: string;
  readonly derivedFrom?: DerivedFrom;
}

/** How the parts of one kind are found and updated. */
interface Rules {
  kind(catalog: CatalogView): CatalogKind<{ readonly name: string; readonly version: string }>;
  piecesOf(agent: Agent): readonly Piece[];
  /** @throws DomainError `….not_found`, `personality.not_set` */
  pieceOf(agent: Agent, id: string, catalog: CatalogView): Piece;
  /** Fields that are never copied from a template are kept. */
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

/** Every part that was copied from a template, compared with its template. */
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
    updateAvailable: template !== undefined && isNewer(template.version, currentVersion),
    templateMissing: template === undefined,
  });
}

/**
 * Replaces a part with the latest version of its template, except the fields that are never
 * copied: id, priority, `enabled`, `isDefault` and others. If that version is not newer, the
 * part is returned unchanged, with its edits.
 *
 * @throws DomainError `request.invalid` for a missing id, `….not_found`,
 *   `update.not_derived`, `update.template_missing`
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
      `${name} was copied from '${templateId}', which the catalog no longer has`,
    );
  }
  if (!isNewer(template.version, version)) return { agent, item: ref };
  return { agent: rules.recopy(agent, id ?? '', templateId, catalog), item: ref };
}
