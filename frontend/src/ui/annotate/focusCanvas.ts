/** The element that takes the keys of the editor. */
export const canvasElement = (): HTMLElement | null =>
  document.querySelector<HTMLElement>('[role=application]');

/** The keys belong to the canvas again. */
export const focusCanvas = (): void => canvasElement()?.focus({ preventScroll: true });
