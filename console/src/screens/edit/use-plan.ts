import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { useRead } from '../../graphql/client.ts';
import type { ApiError } from '../../graphql/errors.ts';
import { failureOf } from '../../graphql/send.ts';
import type { Prompt } from '../prompt/origins.ts';
import { type PlacedProblem, type Problem, placed } from './problems.ts';
import { DRAFT_PLAN } from './queries.ts';
import type { DraftOfEditor } from './use-draft.ts';

const ASK_AFTER_MS = 400;

interface Asked {
  /** The active playbook; null for the default one. */
  readonly playbook: string | null;
  readonly isPromptShown: boolean;
}

/** What the server says of a draft. */
export interface DraftPlan {
  /** The prompt of the draft; of an earlier one while the draft cannot be read. */
  readonly prompt: Prompt | undefined;
  /** Why a save would be refused. */
  readonly problems: readonly PlacedProblem[];
  /** Whether the draft was changed since. */
  readonly isOld: boolean;
  /** Why there is no prompt of this draft. */
  readonly failure: Error | undefined;
}

/** Asks the server what a draft would do, whenever nothing was typed for a moment. */
export function usePlan(
  org: string,
  { definition, base, isChanged }: DraftOfEditor,
  { playbook, isPromptShown }: Asked,
): DraftPlan {
  const draft = useMemo(() => ({ definition, base }), [definition, base]);
  const [settled] = useDebouncedValue(draft, ASK_AFTER_MS);
  const document = useMemo(() => JSON.stringify(settled.definition), [settled]);
  const isAsked = isPromptShown || isChanged;
  const query = useRead(
    DRAFT_PLAN,
    { org, document, base: settled.base, playbook, withPrompt: isPromptShown },
    { keepPrevious: true, enabled: isAsked },
  );
  const last = useRef<Prompt>(undefined);
  const answer = isAsked ? query.data : undefined;
  const plan = answer?.data.org?.planImport;
  if (plan?.prompt) last.current = plan.prompt;
  const failure = answer && failureOf(answer, 'org');
  const problems = useMemo(
    () => placed(settled.definition, problemsOf(plan?.blockers, failure)),
    [settled, plan, failure],
  );
  return {
    prompt: last.current,
    problems,
    isOld: settled !== draft || query.isPlaceholderData,
    failure: failure ?? query.error ?? undefined,
  };
}

/** A draft that cannot be read has no plan. */
function problemsOf(
  blockers: readonly Problem[] | undefined,
  failure: ApiError | undefined,
): readonly Problem[] {
  if (blockers) return blockers;
  if (!failure) return [];
  return failure.details.length > 0 ? failure.details : [{ path: '', message: failure.message }];
}
