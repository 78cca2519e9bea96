import { queries } from '../graphql/client.ts';
import { type Answer, failureOf } from '../graphql/send.ts';
import { Failed } from './states.tsx';

/** Why a field of an answer is missing. */
export function FieldFailure({
  answer,
  field,
}: {
  readonly answer: Answer<unknown>;
  readonly field: string;
}) {
  const failure = failureOf(answer, field);
  const retry = () => void queries.refetchQueries({ type: 'active' });
  return failure ? <Failed error={failure} retry={retry} /> : null;
}
