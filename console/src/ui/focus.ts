/** Of the element that screens fill. */
export const CONTENT_ID = 'content';

/** Moves the focus to the screen, where what had it was removed. */
export function focusScreen(): void {
  document.getElementById(CONTENT_ID)?.focus({ preventScroll: true });
}
