import { Text } from '@mantine/core';
import { promptTexts } from '../../texts/prompt.ts';
import type { Prompt } from './origins.ts';

/** What the model does not get, and why. */
export function WithheldParts({ parts }: { readonly parts: Prompt['withheld'] }) {
  if (parts.length === 0) return <Text c="dimmed">{promptTexts.nothingWithheld}</Text>;
  return (
    <ul className="rows">
      {parts.map(({ kind, id, reason, toolId }) => (
        <li key={`${kind} ${id} ${toolId}`}>
          <div>
            <Text size="sm" fw={600}>
              {id}
            </Text>
            <Text size="sm" c="dimmed">
              {promptTexts.kinds[kind]}
            </Text>
            <Text size="sm">
              {promptTexts.reasons[reason]}
              {toolId !== null && toolId !== id && ` ${promptTexts.lacks(toolId)}`}
            </Text>
          </div>
        </li>
      ))}
    </ul>
  );
}
