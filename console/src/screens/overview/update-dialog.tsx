import { Text } from '@mantine/core';
import { useRead, useWrite } from '../../graphql/client.ts';
import { useOrg } from '../../session/viewer.tsx';
import { overviewTexts } from '../../texts/overview.ts';
import { FieldFailure } from '../../ui/field-failure.tsx';
import { PlanDialog } from '../../ui/plan/plan-dialog.tsx';
import { APPLY_UPDATE, PLAN_UPDATE } from './queries.ts';
import type { Piece } from './updates.tsx';

const texts = overviewTexts.updating;

interface UpdateDialogProps {
  readonly agent: string;
  readonly piece: Piece;
  /** Called with the version of the agent that the update created. */
  readonly onDone: (version: number) => void;
  readonly onClose: () => void;
}

/** Updates a copy to the latest version of its template, as its plan shows. */
export function UpdateDialog({ agent, piece, onDone, onClose }: UpdateDialogProps) {
  const org = useOrg();
  const { kind, id, name, latestVersion } = piece;
  const query = useRead(PLAN_UPDATE, { org: org.id, agent, kind, id });
  const write = useWrite(APPLY_UPDATE, ({ applyUpdate }) => {
    if (applyUpdate) onDone(applyUpdate.agent.version);
  });
  return (
    <PlanDialog
      title={texts.title(name)}
      submit={overviewTexts.update}
      query={query}
      planOf={({ data }) => data.org?.agent?.planUpdate}
      failed={(answer) => <FieldFailure answer={answer} field="org" />}
      write={write}
      onSubmit={(plan) => write.mutate({ org: org.id, agent, input: { kind, id }, plan })}
      onClose={onClose}
    >
      <Text size="sm">{texts.intro(latestVersion ?? '')}</Text>
    </PlanDialog>
  );
}
