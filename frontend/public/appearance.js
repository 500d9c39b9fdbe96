/*
 * Runs before the first paint, so that a chosen theme never flashes up as another: the theme in the copy of the settings
 * that src/preferences keeps in this browser.
 */
try {
  const copy = /** @type {{ settings?: { theme?: string } }} */ (
    JSON.parse(localStorage.getItem('maskloop.preferences') ?? '{}')
  );
  const theme = copy.settings?.theme;
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden or not ours: the system's theme it is.
}
