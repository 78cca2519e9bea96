import { useOrg } from '../../session/viewer.tsx';
import { promptTexts } from '../../texts/prompt.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { placeOfOrigin } from '../edit/place.ts';
import type { Agent, Span } from './origins.ts';

interface EditLinkProps {
  readonly agent: string;
  readonly span: Span;
  readonly skills: Agent['skills'];
}

/** Leads to the field that a stretch was read from, if the caller may edit it. */
export function EditLink({ agent, span, skills }: EditLinkProps) {
  const org = useOrg();
  const isOwn = (section: string, id: string) =>
    section !== 'SKILLS' || skills.some((it) => it.id === id && it.source !== 'SYSTEM');
  const place = placeOfOrigin(span, isOwn);
  if (!place || !org.can('importAgentDocument')) return null;
  return (
    <ButtonLink
      to="/orgs/$org/agents/$agent/edit"
      params={{ org: org.id, agent }}
      search={place}
      variant="default"
      size="compact-sm"
    >
      {promptTexts.edit}
    </ButtonLink>
  );
}
