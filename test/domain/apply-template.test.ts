import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.ts';
import { applyTemplate } from '../../src/domain/apply-template.ts';
import { accepted } from '../../src/domain/outcome.ts';
import type { AgentTemplate } from '../../src/domain/templates.ts';
import { agentWith } from '../kit/agent.ts';
import { refusalOf } from '../kit/refusal.ts';

const catalog = loadCatalog();

function template(parts: Partial<AgentTemplate>): AgentTemplate {
  return {
    id: '@anychat/agent-template.x',
    version: '1',
    name: 'X',
    description: 'x',
    playbookTemplateIds: ['@anychat/playbook-template.greeting'],
    ...parts,
  };
}

const opener = '@anychat/playbook-template.outreach-opener';
const reminder = '@anychat/playbook-template.appointment-reminder';

describe('a template that cannot be applied', () => {
  it.each<[string, Partial<AgentTemplate>, string[]]>([
    ['no default playbook', { playbookTemplateIds: [opener] }, ['playbooks']],
    ['no playbook at all', { playbookTemplateIds: [] }, ['playbooks']],
    [
      'two outbound playbooks, and a greeting that does not exist',
      {
        playbookTemplateIds: ['@anychat/playbook-template.greeting', opener, reminder],
        outreach: { greetingTemplateId: 'nobody' },
      },
      ['playbooks', 'outreach.greetingTemplateId'],
    ],
    [
      'message templates with a bad slot and a repeated id',
      {
        messageTemplates: [
          { id: 'a', name: 'a', body: 'Hi' },
          { id: 'a', name: 'a', body: 'Hi {soup}' },
        ],
      },
      ['messageTemplates[1].id', 'messageTemplates[1].body'],
    ],
  ])('is refused, by section and path: %s', (_, parts, paths) => {
    const agent = agentWith({ guardrails: { topicsToAvoid: ['x'] } });
    const before = structuredClone(agent);
    const refused = refusalOf(() => accepted(applyTemplate(agent, template(parts), catalog)));
    expect(refused.code).toBe('template.not_applicable');
    expect(refused.problems.map(({ path }) => path)).toEqual(paths);
    expect(refused.message).toContain(paths[0]);
    expect(agent).toEqual(before);
  });
});

describe('a section that the template leaves out', () => {
  const playbook = { id: 'p', name: 'p', body: 'b', isDefault: true };

  it('is left unchanged', () => {
    const agent = agentWith({
      playbooks: [playbook],
      guardrails: { topicsToAvoid: ['x'] },
      outreach: { greetingTemplateId: 'hello' },
      messageTemplates: [{ id: 'hello', name: 'Hello', body: 'Hi' }],
    });
    const { playbookTemplateIds: _, ...bare } = template({});
    const { agent: applied, item } = accepted(applyTemplate(agent, bare, catalog));
    expect(applied).toEqual({ ...agent, templateRef: { templateId: bare.id, version: '1' } });
    expect(item).toMatchObject({ applied: [], skipped: [], addedToolBindings: [] });
  });

  it('loses its references to replaced items', () => {
    const agent = agentWith({
      skills: [{ id: 's', name: 's', body: 'b', enabled: true }],
      messageTemplates: [{ id: 'old', name: 'Old', body: 'Hi' }],
      playbooks: [
        {
          ...playbook,
          skillRefs: ['s', 'escalate-to-human'],
          messageTemplateRefs: ['old', 'new'],
        },
      ],
      outreach: { greetingTemplateId: 'old' },
    });
    const { playbookTemplateIds: _, ...bare } = template({
      skillTemplateIds: ['@anychat/skill-template.faq-answering'],
      messageTemplates: [{ id: 'new', name: 'New', body: 'Hi' }],
    });
    const { agent: applied, item } = accepted(applyTemplate(agent, bare, catalog));
    expect(item.applied).toEqual(['skills', 'messageTemplates']);
    expect(applied.outreach).toEqual({});
    expect(applied.playbooks).toEqual([
      { ...playbook, skillRefs: ['escalate-to-human'], messageTemplateRefs: ['new'] },
    ]);
  });
});
