/*
 * Runs before the first paint, so that a chosen theme never flashes up as another: the theme in the copy of the settings
 * that src/preferences keeps in this browser.
 */
try {
  const theme = /"theme":"(light|dark)"/.exec(localStorage.getItem('maskloop.preferences') ?? '')?.[1];
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme it is.
}
