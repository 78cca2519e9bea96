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

function answers(): Promise<boolean> {
  return fetch(PROBE, { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
}
