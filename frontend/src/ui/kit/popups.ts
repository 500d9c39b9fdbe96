/** Whether a dialog, a menu, a list or a popover is open: keys are then for it, and not for the page. */
export const isPopupOpen = (): boolean => document.querySelector('[data-popup]') !== null;
