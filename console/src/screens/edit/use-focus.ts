import { type RefObject, useEffect } from 'react';

/**
 * Moves the focus to a field of a form, also to one whose editor is still being loaded.
 *
 * @param field e.g. `body` or `topicsToAvoid[2]`; undefined moves nothing
 * @param asked another value asks for it again
 */
export function useFocus(
  form: RefObject<HTMLElement | null>,
  field: string | undefined,
  asked: unknown,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again is another reason
  useEffect(() => {
    const root = form.current;
    if (!root || field === undefined) return;
    if (focusField(root, field)) return;
    const observer = new MutationObserver(() => {
      if (focusField(root, field)) observer.disconnect();
    });
    observer.observe(root, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [form, field, asked]);
}

const INPUTS = 'input, textarea, select, [contenteditable="true"]';

/** Whether the field was there. */
function focusField(root: HTMLElement, field: string): boolean {
  const [, name = '', index = '0'] = /^(\w+)(?:\[(\d+)\])?/.exec(field) ?? [];
  const wrapper = root.querySelector(`[data-field="${name}"]`);
  const inputs = [...(wrapper?.querySelectorAll<HTMLElement>(INPUTS) ?? [])];
  const input = inputs[Number(index)] ?? inputs[0];
  if (!wrapper || !input) return false;
  input.focus({ preventScroll: true });
  const isLong = input.isContentEditable;
  (isLong ? wrapper : input).scrollIntoView({ block: 'nearest' });
  return true;
}
