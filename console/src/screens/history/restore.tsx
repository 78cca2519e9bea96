import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useRead, useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { historyTexts } from '../../texts/history.ts';
import { sectionNames } from '../../texts/names.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { optionsOf } from '../../ui/options.ts';
import { PlanDialog } from '../../ui/plan/plan-dialog.tsx';
import { PLAN_RESTORE, RESTORE } from './queries.ts';
import { type HistorySection, isSection } from './search.ts';

const texts = historyTexts.restoring;
const MAX_REASON = 500;

type Restorable = Exclude<HistorySection, 'CHANNELS'>;

interface RestoreDialogProps {
  readonly agent: string;
  readonly version: number;
  /** Called with the version that the restore created. */
  readonly onDone: (version: number) => void;
  readonly onClose: () => void;
}

/** Restores all of a version or one section, as its plan shows. */
export function RestoreDialog({ agent, version, onDone, onClose }: RestoreDialogProps) {
  const org = useOrg();
  const [section, setSection] = useState<Restorable>();
  const [reason, setReason] = useState('');
  const change = { org: org.id, agent, version, sections: section ? [section] : null };
  const query = useRead(PLAN_RESTORE, change, { keepPrevious: true });
  const write = useWrite(RESTORE, ({ restoreAgent }) => {
    if (restoreAgent) onDone(restoreAgent.agent.version);
  });
  return (
    <PlanDialog
      title={texts.title(version)}
      submit={historyTexts.restore}
      query={query}
      planOf={({ data }) => data.org?.agent?.planRestore}
      failed={(answer) => <FieldFailure answer={answer} field="org" />}
      write={write}
      onSubmit={(plan) => write.mutate({ ...change, message: reason.trim() || null, plan })}
      onClose={onClose}
    >
      <Text size="sm">{texts.intro}</Text>
      <NativeSelect
        label={texts.what}
        data={[
          { value: '', label: texts.everything },
          ...optionsOf(sectionNames).filter(({ value }) => isRestorable(value)),
        ]}
        value={section ?? ''}
        onChange={({ currentTarget: { value } }) => {
          write.reset();
          setSection(isRestorable(value) ? value : undefined);
        }}
      />
      <TextInput
        label={texts.reason}
        description={texts.reasonHint}
        maxLength={MAX_REASON}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </PlanDialog>
  );
}

/** Channels can be neither compared nor restored. */
function isRestorable(value: string): value is Restorable {
  return isSection(value) && value !== 'CHANNELS';
}
