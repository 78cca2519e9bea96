import type { AppliedTemplate } from '../src/domain/apply-template.ts';
import type { ItemChange } from '../src/domain/items.ts';
import { PLAN_REFUSALS } from '../src/domain/plans.ts';
import { applyingTemplate } from '../src/plans/catalog-changes.ts';
import { serviceMutation } from './agent-mutations.ts';
import { inputArg, planArg } from './args.ts';
import { builder } from './builder.ts';
import { DerivedFromType, ImportTemplateInput } from './derived-from.ts';
import { AgentRef } from './refs.ts';
import { inherited } from './rights.ts';
import { SectionType } from './sections.ts';

const AppliedFrom = builder.objectRef<AppliedTemplate['appliedFrom']>('AppliedFrom').implement({
  description: 'The agent template that was applied.',
  fields: (t) => ({
    templateId: t.exposeID('templateId', { description: 'Its qualified id.' }),
    templateName: t.exposeString('templateName', { description: 'Its name.' }),
  }),
});

const ApplyPayload = builder
  .objectRef<ItemChange<AppliedTemplate>>('ApplyAgentTemplatePayload')
  .implement({
    description: 'The result of applying an agent template.',
    fields: (t) => ({
      agent: t.expose('agent', { type: AgentRef, ...inherited, description: 'The agent.' }),
      appliedFrom: t.field({
        type: AppliedFrom,
        description: 'The template.',
        resolve: ({ item }) => item.appliedFrom,
      }),
      applied: t.field({
        type: [SectionType],
        description: "The sections that the template has. Each replaced the agent's section.",
        resolve: ({ item }) => item.applied,
      }),
      skipped: t.field({
        type: [SectionType],
        description:
          'Sections of the template that were left out: always none, because a template is applied as a whole or not at all.',
        resolve: ({ item }) => item.skipped,
      }),
      addedToolBindings: t.idList({
        description:
          'The tools that were bound, without a configuration, because the skills of the template need them or the template recommends them.',
        resolve: ({ item }) => item.addedToolBindings,
      }),
    }),
  });

builder.objectField(AgentRef, 'templateRef', (t) =>
  t.expose('templateRef', {
    type: DerivedFromType,
    nullable: true,
    description: 'The agent template that was applied last, and its version.',
  }),
);

builder.mutationField('applyAgentTemplate', (t) =>
  serviceMutation(t, ApplyPayload, {
    scope: 'templates:apply',
    fails: ['catalog.not_found', 'template.not_applicable', ...PLAN_REFUSALS],
    description:
      "Applies an agent template, all or nothing: every section that it has replaces the agent's section. References of the other sections to items that no longer exist are removed.",
    args: { input: inputArg(t.arg, ImportTemplateInput, 'The template.'), ...planArg(t.arg) },
    call: (target, { input, plan }, { plans, catalog }) =>
      plans.carryOut(...target, applyingTemplate(input.templateId, catalog), plan),
  }),
);
