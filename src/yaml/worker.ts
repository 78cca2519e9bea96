import { parentPort } from 'node:worker_threads';
import { outcomeOf, type YamlJob } from './job.ts';

/* The program of the thread that `thread.ts` starts: one job at a time, in their order. */
parentPort?.on('message', (job: YamlJob) => parentPort?.postMessage(outcomeOf(job)));
