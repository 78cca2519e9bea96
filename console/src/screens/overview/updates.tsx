import { Alert, Button, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useOrg } from '../../session/viewer.tsx';
import { pieceKinds } from '../../texts/names.ts';
import { overviewTexts } from '../../texts/overview.ts';
import { AnchorLink } from '../../ui/links.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Agent } from './readiness.tsx';

const texts = overviewTexts.updating;

const UpdateDialog = lazy(async () => ({
  default: (await import('./update-dialog.tsx')).UpdateDialog,
}));

export type Piece = Agent['updates']['pieces'][number];

interface Done {
  readonly name: string;
  /** Of the agent. */
  readonly version: number;
}

interface UpdatesProps {
  readonly agent: string;
  readonly pieces: readonly Piece[];
}

/** The copies of templates that have a newer version, each with its plan for callers who may. */
export function Updates({ agent, pieces }: UpdatesProps) {
  const org = useOrg();
  const [chosen, setChosen] = useState<Piece>();
  const [done, setDone] = useState<Done>();
  const available = pieces.filter(({ updateAvailable }) => updateAvailable);
  return (
    <Panel title={overviewTexts.updates}>
      {done && <Updated agent={agent} {...done} />}
      {available.length === 0 && (
        <Text size="sm" c="dimmed">
          {overviewTexts.noUpdates}
        </Text>
      )}
      <ul className="rows">
        {available.map((it) => (
          <li key={`${it.kind} ${it.id}`}>
            <div>
              <Text size="sm" fw={600}>
                {it.name}
              </Text>
              <Text size="sm" c="dimmed">
                {pieceKinds[it.kind]} ·{' '}
                {overviewTexts.versions(it.currentVersion, it.latestVersion ?? '')}
              </Text>
            </div>
            {org.can('applyUpdate') && (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={overviewTexts.reviewOf(it.name)}
                onClick={() => setChosen(it)}
              >
                {overviewTexts.review}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {chosen && (
        <Suspense>
          <UpdateDialog
            agent={agent}
            piece={chosen}
            onDone={(version) => {
              setDone({ name: chosen.name, version });
              setChosen(undefined);
            }}
            onClose={() => setChosen(undefined)}
          />
        </Suspense>
      )}
    </Panel>
  );
}

function Updated({ agent, name, version }: Done & { readonly agent: string }) {
  const org = useOrg();
  return (
    <Alert color="green" role="status" mb="sm">
      {texts.done(name, version)}{' '}
      <AnchorLink
        to="/orgs/$org/agents/$agent/history/$version"
        params={{ org: org.id, agent, version: String(version) }}
        size="sm"
        underline="always"
      >
        {texts.show}
      </AnchorLink>
    </Alert>
  );
}
