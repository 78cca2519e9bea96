import { parentPort } from 'node:worker_threads';
import { tokensIn } from './count.ts';

/* The program of the thread that `counter.ts` starts: one job at a time, in their order. */
parentPort?.on('message', (texts: readonly string[]) =>
  parentPort?.postMessage(texts.map(tokensIn)),
);
