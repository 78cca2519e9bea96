import type { Catalog } from '../catalog/catalog.ts';
import { type AppliedTemplate, applyTemplate } from '../domain/apply-template.ts';
import { applyUpdate, type PieceRef } from '../domain/updates.ts';
import type { Intention } from './intention.ts';

/** The application of an agent template. @throws DomainError `catalog.not_found` */
export function applyingTemplate(templateId: string, catalog: Catalog): Intention<AppliedTemplate> {
  const template = catalog.agentTemplates.require(templateId);
  return {
    change: ['template', templateId],
    outcomeOf: (agent) => applyTemplate(agent, template, catalog),
  };
}

/** The update of a piece to the latest version of its template. */
export function applyingUpdate(piece: PieceRef, catalog: Catalog): Intention<PieceRef> {
  return {
    change: ['update', piece.kind, piece.id ?? null],
    outcomeOf: (agent) => {
      const { agent: after, item } = applyUpdate(agent, piece, catalog);
      return { after, item };
    },
  };
}
