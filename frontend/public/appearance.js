/* Runs before the first paint, so that a chosen theme never flashes up as another. Kept by src/ui/app/appearance.ts. */
try {
  const theme = localStorage.getItem('maskloop.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme it is.
}
