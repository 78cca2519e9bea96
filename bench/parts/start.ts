import { inFolder, startProject } from '../processes.ts';
import { median } from '../statistics.ts';

/** Until the server is ready, from a built tree. */
export interface Start {
  readonly title: string;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** A first start, which makes the store, the first key and the demo agent, and a later one. */
export async function measureStart(
  starts: number,
  progress: (text: string) => void,
): Promise<readonly Start[]> {
  const first: Omit<Start, 'title'>[] = [];
  const later: Omit<Start, 'title'>[] = [];
  for (let i = 0; i < starts; i += 1) {
    progress(`start ${i + 1} of ${starts}`);
    await inFolder(async (folder) => {
      for (const figures of [first, later]) {
        const { start, stop } = await startProject({ STORE_URL: `lmdb:${folder}/data` });
        figures.push(start);
        await stop();
      }
    });
  }
  return [summary('first start, with demo data', first), summary('later start', later)];
}

function summary(title: string, figures: readonly Omit<Start, 'title'>[]): Start {
  return {
    title,
    cpuSeconds: median(figures.map(({ cpuSeconds }) => cpuSeconds)),
    seconds: median(figures.map(({ seconds }) => seconds)),
  };
}
