import { Group, Text } from '@mantine/core';
import { overviewTexts } from '../../texts/overview.ts';
import { type HourCount, lastDays } from './days.ts';

const DAYS = 7;
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });

/** The messages of the last days, in parts of a day, those of the agent above those of people. */
export function TrafficChart({ counts }: { readonly counts: readonly HourCount[] }) {
  const days = lastDays(counts, DAYS, Date.now());
  const highest = Math.max(
    ...days.flatMap(({ parts }) => parts.map((it) => it.fromUser + it.fromAgent)),
  );
  if (highest === 0) return <Text c="dimmed">{overviewTexts.noTraffic}</Text>;
  const percent = (part: number) => `${(part / highest) * 100}%`;
  return (
    <>
      <ol className="chart">
        {days.map(({ start, parts, fromUser, fromAgent }) => {
          const label = overviewTexts.day(DAY.format(start), fromUser, fromAgent);
          return (
            <li key={start.getTime()} title={label}>
              <div className="chart-parts" aria-hidden="true">
                {parts.map((it, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the time of the day
                  <div key={at} className="chart-part">
                    <div className="chart-agent" style={{ height: percent(it.fromAgent) }} />
                    <div className="chart-user" style={{ height: percent(it.fromUser) }} />
                  </div>
                ))}
              </div>
              <span className="hidden">{label}</span>
              <span aria-hidden="true" className="chart-label">
                {DAY.format(start)}
                <br />
                <b>{(fromUser + fromAgent).toLocaleString()}</b>
              </span>
            </li>
          );
        })}
      </ol>
      <Group gap="md" mt="xs" aria-hidden="true">
        <Text size="sm" c="dimmed" className="chart-key chart-key-agent">
          {overviewTexts.fromAgent}
        </Text>
        <Text size="sm" c="dimmed" className="chart-key chart-key-user">
          {overviewTexts.fromUser}
        </Text>
      </Group>
    </>
  );
}
