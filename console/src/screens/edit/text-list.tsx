import { Button, CloseButton, Group, Input, Stack, Textarea } from '@mantine/core';
import { editTexts } from '../../texts/edit.ts';

interface TextListProps {
  readonly label: string;
  readonly texts: readonly string[];
  readonly onChange: (texts: readonly string[]) => void;
}

/** A list of short texts. */
export function TextList({ label, texts, onChange }: TextListProps) {
  return (
    <Input.Wrapper label={label} labelElement="div" role="group" aria-label={label}>
      <Stack gap="xs">
        {texts.map((text, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: texts have no identity
          <Group key={at} gap="xs" wrap="nowrap" align="start">
            <Textarea
              flex={1}
              rows={1}
              classNames={{ input: 'edit-grow' }}
              aria-label={editTexts.text(label, at + 1)}
              value={text}
              onChange={({ currentTarget }) => onChange(texts.with(at, currentTarget.value))}
            />
            <CloseButton
              size="lg"
              aria-label={editTexts.removeText(label, at + 1)}
              onClick={() => onChange(texts.toSpliced(at, 1))}
            />
          </Group>
        ))}
        <div>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${editTexts.addText}: ${label}`}
            onClick={() => onChange([...texts, ''])}
          >
            {editTexts.addText}
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}
