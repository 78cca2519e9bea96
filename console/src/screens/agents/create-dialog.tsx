import { NativeSelect, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { agentsTexts } from '../../texts/agents.ts';
import { common } from '../../texts/common.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { PlanDialog } from '../../ui/plan/plan-dialog.tsx';
import { AGENT_TEMPLATES, CREATE_AGENT, PLAN_AGENT } from './queries.ts';
import { isSlug, slugOf } from './slug.ts';

const texts = agentsTexts.creating;
const PLAN_AFTER_MS = 300;
const MAX_NAME = 200;
const MAX_DESCRIPTION = 2_000;

interface Entered {
  readonly name: string;
  /** Unset until the operator has changed the one that is proposed. */
  readonly id?: string;
  readonly description: string;
  readonly templateId: string;
}

const NOTHING: Entered = { name: '', description: '', templateId: '' };

/** Creates an agent, from a template or empty, as its plan shows, and opens it. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const org = useOrg();
  const navigate = useNavigate();
  const [entered, setEntered] = useState(NOTHING);
  const [planned] = useDebouncedValue(entered, PLAN_AFTER_MS);
  const input = inputOf(planned);
  const isDecided = isComplete(entered);
  const query = useRead(
    PLAN_AGENT,
    { org: org.id, input },
    { keepPrevious: true, enabled: isComplete(planned) },
  );
  const write = useWrite(CREATE_AGENT, ({ createAgent }) => {
    if (!createAgent) return;
    const params = { org: org.id, agent: createAgent.id };
    void navigate({ to: '/orgs/$org/agents/$agent', params });
  });

  function enter(change: Partial<Entered>): void {
    write.reset();
    setEntered((before) => ({ ...before, ...change }));
  }

  const id = idOf(entered);
  return (
    <PlanDialog
      title={agentsTexts.create}
      submit={common.create}
      query={query}
      planOf={({ data }) => data.org?.planAgent}
      failed={(answer) => <FieldFailure answer={answer} field="org" />}
      write={write}
      isOutdated={planned !== entered}
      onSubmit={(plan) => write.mutate({ org: org.id, input, plan })}
      onClose={onClose}
      {...(!isDecided && { undecided: <Text c="dimmed">{texts.undecided}</Text> })}
    >
      {org.can('applyAgentTemplate') && (
        <Template value={entered.templateId} onChange={(templateId) => enter({ templateId })} />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={texts.name}
          required
          withAsterisk={false}
          maxLength={MAX_NAME}
          data-autofocus
          value={entered.name}
          onChange={({ currentTarget }) => enter({ name: currentTarget.value })}
        />
        <TextInput
          label={texts.id}
          description={texts.idHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          withAsterisk={false}
          value={id}
          error={id !== '' && !isSlug(id) && texts.idForm}
          onChange={({ currentTarget }) => enter({ id: currentTarget.value })}
        />
      </SimpleGrid>
      <TextInput
        label={texts.description}
        maxLength={MAX_DESCRIPTION}
        value={entered.description}
        onChange={({ currentTarget }) => enter({ description: currentTarget.value })}
      />
    </PlanDialog>
  );
}

interface TemplateProps {
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function Template({ value, onChange }: TemplateProps) {
  const query = useRead(AGENT_TEMPLATES, {});
  const templates = query.data?.data.catalog?.agentTemplates ?? [];
  return (
    <NativeSelect
      label={texts.template}
      description={templates.find(({ id }) => id === value)?.description}
      inputWrapperOrder={['label', 'input', 'description']}
      data={[
        { value: '', label: texts.noTemplate },
        ...templates.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function idOf({ name, id }: Entered): string {
  return id ?? slugOf(name);
}

function isComplete(entered: Entered): boolean {
  return entered.name.trim() !== '' && isSlug(idOf(entered));
}

function inputOf(entered: Entered) {
  return {
    id: idOf(entered),
    name: entered.name.trim(),
    description: entered.description.trim() || null,
    templateId: entered.templateId || null,
  };
}
