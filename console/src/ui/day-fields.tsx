import { TextInput } from '@mantine/core';
import { common } from '../texts/common.ts';
import type { DaySearch } from './days.ts';

interface DayFieldsProps {
  readonly days: DaySearch;
  /** Called with the day that changed; undefined if it was emptied. */
  readonly onChange: (changed: DaySearch) => void;
}

/** The first and the last day of a filter. */
export function DayFields({ days, onChange }: DayFieldsProps) {
  return (['from', 'to'] as const).map((end) => (
    <TextInput
      key={end}
      type="date"
      flex="1 1 8rem"
      label={common.days[end]}
      value={days[end] ?? ''}
      onChange={({ currentTarget: { value } }) => onChange({ [end]: value || undefined })}
    />
  ));
}
