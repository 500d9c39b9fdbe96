/**
 * Whether a dialog, a menu, a list or a popover is open: keys are then for it, and not for the page. A list stays in the
 * document after it was closed.
 */
export const isPopupOpen = (): boolean => document.querySelector('[data-popup][data-open]') !== null;
