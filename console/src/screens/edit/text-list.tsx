import { Button, CloseButton, Group, Input, Stack, Textarea } from '@mantine/core';
import { editTexts } from '../../texts/edit.ts';
import { type FieldProblem, problemText } from './problems.ts';

interface TextListProps {
  readonly label: string;
  readonly texts: readonly string[];
  /** The part of one is the number of a text, e.g. `[2]`. */
  readonly problems: readonly FieldProblem[];
  readonly onChange: (texts: readonly string[]) => void;
}

/** A list of short texts. */
export function TextList({ label, texts, problems, onChange }: TextListProps) {
  const ofText = (at: number) => problems.filter(({ part }) => part === `[${at}]`);
  const ofAll = problems.filter(({ part }) => !/^\[\d+\]$/.test(part));
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      role="group"
      aria-label={label}
      error={problemText(ofAll)}
    >
      <Stack gap="xs">
        {texts.map((text, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: texts have no identity
          <Group key={at} gap="xs" wrap="nowrap" align="start">
            <Textarea
              flex={1}
              rows={1}
              classNames={{ input: 'edit-grow' }}
              aria-label={editTexts.text(label, at + 1)}
              error={ofText(at)
                .map(({ message }) => message)
                .join('; ')}
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
