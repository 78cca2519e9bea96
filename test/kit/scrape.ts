import { expect } from 'vitest';
import type { TestServer } from './server.ts';

/** The samples of a scrape. */
export interface Samples {
  /** Each with its value as text: `name{labels}`. */
  readonly values: readonly (readonly [string, string])[];
  readonly names: readonly string[];
  /** The value of the sample with all of these labels, in any order; undefined without one. */
  of(name: string, labels?: object): number | undefined;
}

/** Scrapes the metrics of a server that has `METRICS_PORT`. */
export async function scraped({ metricsUrl }: Pick<TestServer, 'metricsUrl'>): Promise<Samples> {
  const response = await fetch(metricsUrl ?? '');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const samples = (await response.text())
    .split('\n')
    .filter((line) => /^[a-z]/.test(line))
    .map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), line.slice(end + 1)] as const;
    });
  return {
    values: samples,
    names: samples.map(([name]) => name),
    of(name, labels = {}) {
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const found = samples.find(([sample]) => {
        const its = sample.slice(sample.indexOf('{'));
        return sample.split('{')[0] === name && wanted.every((it) => its.includes(it));
      });
      return found && Number(found[1]);
    },
  };
}
