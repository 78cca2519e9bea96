import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import { editTexts } from '../../texts/edit.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { PlanDialog } from '../../ui/plan/plan-dialog.tsx';
import { Lines } from '../../ui/states.tsx';
import { type Conflict, ConflictView } from './conflict-view.tsx';
import { type Definition, definitionOf, type EditedAgent } from './definition.ts';
import { type Choices, isDecided, placeKey, resolved } from './merge.ts';
import { CONFLICTS, PLAN_MERGE, SAVE } from './queries.ts';
import { isSection } from './search.ts';

const texts = editTexts.merge;

interface MergeDialogProps {
  readonly org: string;
  readonly agent: string;
  readonly base: number;
  readonly yours: Definition;
  /** Called with what was saved. */
  readonly onSaved: (saved: EditedAgent) => void;
  readonly onClose: () => void;
}

/** Merges a draft with what others have saved since its base: a side for each conflict, then a plan. */
export function MergeDialog({ org, agent, base, yours, onSaved, onClose }: MergeDialogProps) {
  const [choices, setChoices] = useState<Choices>({});
  const found = useRead(CONFLICTS, { org, agent, base, document: JSON.stringify(yours) });
  const theirs = found.data?.data.org?.agent;
  const plan = found.data?.data.org?.planImport;
  const conflicts = (plan?.conflicts ?? []).filter(isOfDocument);
  const isReady = plan != null && isDecided(conflicts, choices);
  const merged = theirs ? resolved(yours, definitionOf(theirs), conflicts, choices) : yours;
  const change = { org, base, document: JSON.stringify(merged) };
  const query = useRead(PLAN_MERGE, change, { enabled: isReady });
  const write = useWrite(SAVE, ({ importAgentDocument }) => {
    if (importAgentDocument) onSaved(importAgentDocument.agent);
  });
  const left = conflicts.filter((it) => choices[placeKey(it)] === undefined).length;

  function undecided() {
    if (found.data && !plan) return <FieldFailure answer={found.data} field="org" />;
    if (!plan) return <Lines count={6} />;
    return <Text c="dimmed">{texts.undecided(left)}</Text>;
  }

  return (
    <PlanDialog
      title={texts.title}
      submit={texts.submit}
      query={query}
      planOf={({ data }) => data.org?.planImport}
      failed={(answer) => <FieldFailure answer={answer} field="org" />}
      write={write}
      onSubmit={(plan) => write.mutate({ ...change, onConflict: 'YOURS', plan })}
      onClose={onClose}
      {...(!isReady && { undecided: undecided() })}
    >
      {plan && (
        <Stack gap="sm">
          <Text size="sm">{conflicts.length > 0 ? texts.intro : texts.noConflicts}</Text>
          {conflicts.map((it) => (
            <ConflictView
              key={placeKey(it)}
              conflict={it}
              choice={choices[placeKey(it)]}
              onChoose={(side) => {
                write.reset();
                setChoices((others) => ({ ...others, [placeKey(it)]: side }));
              }}
            />
          ))}
        </Stack>
      )}
    </PlanDialog>
  );
}

/** A document does not have the channels of the agent. */
function isOfDocument(conflict: { readonly section: string }): conflict is Conflict {
  return isSection(conflict.section);
}
