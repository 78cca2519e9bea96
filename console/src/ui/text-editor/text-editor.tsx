import { Input, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';

const CodeMirror = lazy(async () => ({
  default: (await import('./code-mirror.tsx')).CodeMirror,
}));

interface TextEditorProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly isRequired?: boolean;
  readonly isReadOnly?: boolean;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for a long text. Its editor is loaded when the first one is shown. */
export function TextEditor(props: TextEditorProps) {
  const { label, hint, isRequired = false, isReadOnly = false, error, value, onChange } = props;
  return (
    <Input.Wrapper
      label={label}
      description={hint}
      required={isRequired}
      error={error}
      labelElement="div"
    >
      <div className="text-editor" data-error={error !== undefined}>
        <Suspense fallback={<Skeleton height="9rem" />}>
          <CodeMirror label={label} value={value} isReadOnly={isReadOnly} onChange={onChange} />
        </Suspense>
      </div>
    </Input.Wrapper>
  );
}
