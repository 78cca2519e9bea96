import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import { editTexts } from '../../texts/edit.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { PlanDialog } from '../../ui/plan/plan-dialog.tsx';
import { Lines } from '../../ui/states.tsx';
import { type Conflict, ConflictView } from './conflict-view.tsx';
import { type Definition, definitionOf } from './definition.ts';
import { type Choices, isDecided, placeKey, resolved } from './merge.ts';
import { CONFLICTS, PLAN_MERGE, SAVE } from './queries.ts';
import { isSection } from './search.ts';

const texts = editTexts.merge;

interface MergeDialogProps {
  readonly org: string;
  readonly agent: string;
  readonly base: number;
  readonly yours: Definition;
  /** Called with the version that was saved. */
  readonly onSaved: (version: number, exported: string) => void;
  readonly onClose: () => void;
}

/** Merges a draft with what others have saved since its base: a side for each conflict, then a plan. */
export function MergeDialog({ org, agent, base, yours, onSaved, onClose }: MergeDialogProps) {
  const [choices, setChoices] = useState<Choices>({});
  const of = { org, agent, base };
  const found = useRead(CONFLICTS, { ...of, document: JSON.stringify(yours) });
  const theirs = found.data?.data.org?.agent;
  const conflicts = (theirs?.planImport?.conflicts ?? []).filter(isOfDefinition);
  const isReady = theirs?.planImport != null && isDecided(conflicts, choices);
  const merged = theirs ? resolved(yours, definitionOf(theirs.export), conflicts, choices) : yours;
  const change = { ...of, document: JSON.stringify(merged) };
  const query = useRead(PLAN_MERGE, change, { enabled: isReady });
  const write = useWrite(SAVE, ({ importAgent }) => {
    if (importAgent) onSaved(importAgent.agent.version, importAgent.agent.export);
  });
  const left = conflicts.filter((it) => choices[placeKey(it)] === undefined).length;

  function undecided() {
    if (found.data && !theirs?.planImport) return <FieldFailure answer={found.data} field="org" />;
    if (!theirs) return <Lines count={6} />;
    return <Text c="dimmed">{texts.undecided(left)}</Text>;
  }

  return (
    <PlanDialog
      title={texts.title}
      submit={texts.submit}
      query={query}
      planOf={({ data }) => data.org?.agent?.planImport}
      failed={(answer) => <FieldFailure answer={answer} field="org" />}
      write={write}
      onSubmit={(plan) => write.mutate({ ...change, onConflict: 'YOURS', plan })}
      onClose={onClose}
      {...(!isReady && { undecided: undecided() })}
    >
      {theirs?.planImport && (
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

/** A definition has neither the name of the agent nor its channels. */
function isOfDefinition(conflict: { readonly section: string }): conflict is Conflict {
  return isSection(conflict.section);
}
