import type { LoadAnswer, LoadJob } from './job.ts';
import { runJob } from './run.ts';

/** The load process: runs the jobs that its parent sends, one at a time, until that disconnects. */
export function serveLoad(): void {
  const answer = (it: LoadAnswer) => process.send?.(it);
  process.on('message', (job) => {
    runJob(job as LoadJob).then(
      (result) => answer({ result }),
      (error: unknown) => answer({ error: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit());
}
