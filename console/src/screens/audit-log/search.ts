import { auditActions, auditedResources } from '../../texts/names.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

type Action = keyof typeof auditActions;
type Resource = keyof typeof auditedResources;

export interface AuditSearch extends PageSearch {
  readonly action?: Action;
  readonly type?: Resource;
}

export function auditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const { action, type } = search;
  return {
    ...pageSearch(search),
    ...(isAction(action) && { action }),
    ...(isResource(type) && { type }),
  };
}

export function isAction(value: unknown): value is Action {
  return typeof value === 'string' && Object.hasOwn(auditActions, value);
}

export function isResource(value: unknown): value is Resource {
  return typeof value === 'string' && Object.hasOwn(auditedResources, value);
}
