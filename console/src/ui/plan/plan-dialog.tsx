import { Alert } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { ApiError } from '../../graphql/errors.ts';
import { planTexts } from '../../texts/plan.ts';
import { FormDialog } from '../form-dialog.tsx';
import { Lines, Loaded } from '../states.tsx';
import { type Plan, PlanView } from './plan-view.tsx';

/** The plan no longer fits the agent, or is too old. */
const STALE = ['plan.stale', 'plan.expired'];

interface PlanDialogProps<Data> {
  readonly title: string;
  /** A verb. */
  readonly submit: string;
  readonly query: UseQueryResult<Data, Error>;
  /** Null or undefined if the plan was refused: see `failed`. */
  readonly planOf: (data: Data) => Plan | null | undefined;
  readonly failed: (data: Data) => ReactNode;
  readonly write: { readonly isPending: boolean; readonly error: Error | null };
  /** Called with the token of the plan that is shown. */
  readonly onSubmit: (token: string) => void;
  readonly onClose: () => void;
  /** Choices of what to plan. */
  readonly children?: ReactNode;
  /** Shown in place of the plan while nothing can be planned yet. */
  readonly undecided?: ReactNode;
  /** Whether the choices have changed since what is planned. */
  readonly isOutdated?: boolean;
}

/** One who has read a long plan is at its end. */
function intoView(notice: HTMLElement | null): void {
  notice?.scrollIntoView({ block: 'center' });
}

/** Shows what a change would do, and makes exactly that. */
export function PlanDialog<Data>(props: PlanDialogProps<Data>) {
  const { title, submit, query, planOf, failed, write, onSubmit, onClose } = props;
  const { children, undecided, isOutdated = false } = props;
  const plan = query.data && planOf(query.data);
  const { refetch } = query;
  const isStale = write.error instanceof ApiError && STALE.includes(write.error.code);
  // Planned again once for each refusal.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another error is another refusal
  useEffect(() => {
    if (isStale) void refetch();
  }, [write.error, isStale, refetch]);
  return (
    <FormDialog
      title={title}
      submit={submit}
      size="xl"
      isOpen
      isBusy={write.isPending}
      isReady={
        !undecided &&
        !isOutdated &&
        plan?.plan != null &&
        plan.changes.length > 0 &&
        !query.isFetching
      }
      error={isStale ? null : write.error}
      onSubmit={() => plan?.plan && onSubmit(plan.plan)}
      onClose={onClose}
    >
      {isStale && (
        <Alert color="yellow" title={planTexts.stale.title} role="alert" ref={intoView}>
          {planTexts.stale.body}
        </Alert>
      )}
      {children}
      {undecided ?? (
        <Loaded query={query} loading={<Lines count={8} />}>
          {(data) => {
            const it = planOf(data);
            return it ? <PlanView plan={it} /> : failed(data);
          }}
        </Loaded>
      )}
    </FormDialog>
  );
}
