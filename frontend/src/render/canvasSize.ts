/** Keeps an eye on how many device pixels a canvas covers. */

/** Calls back with exact device pixels whenever they change; returns the way to stop. */
export function observeCanvasSize(
  canvas: HTMLCanvasElement,
  onChange: (width: number, height: number) => void,
): () => void {
  const observer = new ResizeObserver((entries) => {
    const entry = entries.at(-1);
    if (entry) onChange(...devicePixelsOf(entry));
  });
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    // Safari does not know that box; rounding from CSS pixels is off by one at worst.
    observer.observe(canvas);
  }
  return () => observer.disconnect();
}

function devicePixelsOf(entry: ResizeObserverEntry): [width: number, height: number] {
  // Absent in Safari, whatever the type says.
  const exact = (entry.devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined)?.[0];
  if (exact) return [exact.inlineSize, exact.blockSize];
  const { width, height } = entry.contentRect;
  return [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
}
