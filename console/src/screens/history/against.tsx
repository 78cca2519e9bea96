import { Group, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { historyTexts } from '../../texts/history.ts';

interface AgainstProps {
  readonly version: number;
  /** The version that the agent is at. */
  readonly current: number;
  /** Undefined: the version before. */
  readonly against: number | undefined;
  readonly onChoose: (against: number | undefined) => void;
}

/** Chooses the version to compare with. */
export function Against({ version, current, against, onChoose }: AgainstProps) {
  const [isOther, setOther] = useState(against !== undefined && against !== current);
  const choice = isOther ? 'other' : against === undefined ? 'previous' : 'current';
  const choices = [
    { value: 'previous', label: historyTexts.previous },
    ...(version === current
      ? []
      : [{ value: 'current', label: historyTexts.currentNumber(current) }]),
    { value: 'other', label: historyTexts.other },
  ];
  return (
    <Group align="end" gap="sm">
      <NativeSelect
        label={historyTexts.against}
        data={choices}
        value={choice}
        onChange={({ currentTarget: { value } }) => {
          setOther(value === 'other');
          if (value === 'previous') onChoose(undefined);
          if (value === 'current') onChoose(current);
        }}
      />
      {isOther && (
        <NumberInput
          label={historyTexts.otherNumber}
          w="9rem"
          min={1}
          max={current}
          allowDecimal={false}
          value={against ?? ''}
          onChange={(value) => {
            if (typeof value === 'number' && value >= 1 && value <= current) onChoose(value);
          }}
        />
      )}
    </Group>
  );
}
