import { Observable } from '../observable.ts';

const PROBE = '/livez';
const PROBE_EVERY_MS = 2_000;

/** Whether the server answers. */
export const reachable = new Observable(true);

let probing = false;

/** Called when a request got no answer: asks until there is one. */
export async function lostConnection(): Promise<void> {
  reachable.set(false);
  if (probing) return;
  probing = true;
  while (!(await answers())) await new Promise((done) => setTimeout(done, PROBE_EVERY_MS));
  probing = false;
  reachable.set(true);
}

/** Resolves when the server answers, or when `signal` aborts. */
export function whenReachable(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (reachable.get() || signal.aborted) return done();
    const finish = () => {
      unfollow();
      done();
    };
    const unfollow = reachable.follow(() => reachable.get() && finish());
    signal.addEventListener('abort', finish);
  });
}

function answers(): Promise<boolean> {
  return fetch(PROBE, { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
}
